/** Opens what writer and forwarder share of their progress: a memory file, and a socket pair. memfd_create(2), socketpair(2) */
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../libc/constants.js'
import { ftruncate } from '../../libc/fd.js'
import { memfd_create } from '../../libc/memory.js'
import { socketpair } from '../../libc/socket.js'
import { PROGRESS_BYTES } from './progress.js'

/** Descriptors. */
export interface OpenProgress {
  readonly memory: number
  readonly writersBell: number
  readonly forwardersBell: number
}

/** @throws {PosixError} EMFILE, ENFILE; ENOSYS, EPERM where there are no memory files */
export function openProgress(): OpenProgress {
  const memory = memfd_create('tined progress')
  ftruncate(memory, PROGRESS_BYTES)
  const [writersBell, forwardersBell] = socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  return { memory, writersBell, forwardersBell }
}
