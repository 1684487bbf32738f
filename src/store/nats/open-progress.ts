/** Opens what writer and forwarder share of their progress: a memory file, and a socket pair. memfd_create(2), socketpair(2) */
import { MAP_SHARED, PROT_READ, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../libc/constants.js'
import { ftruncate } from '../../libc/fd.js'
import { memoryAt } from '../../libc/ffi.js'
import { memfd_create, mmap } from '../../libc/memory.js'
import { socketpair } from '../../libc/socket.js'
import type { Replication } from '../connection/until-replicated.js'
import { PROGRESS_BYTES, progressIn } from './progress.js'

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

/** The same for processes that have no descriptor of it, and must not write to it: mapped for all that are forked from now on. mmap(2) */
export const sharedProgress = (memory: number): Replication =>
  progressIn(memoryAt(mmap(PROGRESS_BYTES, PROT_READ, MAP_SHARED, memory), PROGRESS_BYTES))
