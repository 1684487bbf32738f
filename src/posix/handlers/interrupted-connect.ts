/** Connecting while TypeScript handlers are installed: a blocking connect(2) would not let them run. */
import type { FdArgument } from '../../libc/brand.js'
import { EINPROGRESS, F_GETFL, F_SETFL, O_NONBLOCK, POLLOUT, SO_ERROR, SOL_SOCKET } from '../../libc/constants.js'
import { fcntlRaw, getsockoptRaw } from '../../libc/raw.js'
import { deliver } from './caught-signals.js'
import { awaitReady } from './interruptible.js'

/**
 * Connects; on a blocking socket waits for it, running handlers meanwhile.
 *
 * @param attempt connect(2): returns 0 or errno
 * @returns 0 or errno
 * @throws {PosixError} EINTR; the connection is made all the same, as in C
 */
export function connectInterruptibly(fd: FdArgument, attempt: () => number): number {
  deliver()
  const flags = fcntlRaw(fd, F_GETFL, 0)
  if (flags < 0 || flags & O_NONBLOCK) return attempt()
  fcntlRaw(fd, F_SETFL, flags | O_NONBLOCK)
  try {
    const errno = attempt()
    if (errno !== EINPROGRESS) return errno
    awaitReady('connect', fd, POLLOUT)
    const error = Int32Array.of(0)
    getsockoptRaw(fd, SOL_SOCKET, SO_ERROR, error, Int32Array.of(4))
    return error[0] as number
  } finally {
    fcntlRaw(fd, F_SETFL, flags)
  }
}
