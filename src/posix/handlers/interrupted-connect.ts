/** Connecting while TypeScript handlers are installed: a blocking connect(2) would not let them run. */
import type { FdArgument } from '../../libc/brand.js'
import { EAGAIN, EINPROGRESS, F_GETFL, F_SETFL, O_NONBLOCK, POLLOUT } from '../../libc/constants.js'
import { setErrno } from '../../libc/ffi.js'
import { fcntlRaw } from '../../libc/raw.js'
import { deliver } from './caught-signals.js'
import { awaitReady } from './interruptible.js'
import { unpollable } from './unpollable.js'

/**
 * Connects; on a blocking socket waits for it, running handlers meanwhile.
 *
 * @param unix whether the listener's queue may be full, for which only the call itself can wait
 * @param attempt connect(2): returns 0 or errno
 * @returns 0 or errno
 * @throws {PosixError} EINTR; the connection is made all the same, as in C
 */
export function connectInterruptibly(fd: FdArgument, unix: boolean, attempt: () => number): number {
  deliver()
  const flags = fcntlRaw(fd, F_GETFL, 0)
  if (flags < 0 || flags & O_NONBLOCK) return attempt()
  fcntlRaw(fd, F_SETFL, flags | O_NONBLOCK)
  try {
    const errno = attempt()
    if (errno === EINPROGRESS) {
      // it goes on meanwhile, and ends as it would have
      if (awaitReady('connect', fd, POLLOUT) === 'late') return EINPROGRESS
      return attempt() // takes note of the end, so that one more is EISCONN
    }
    if (errno !== EAGAIN || !unix) return errno
  } finally {
    fcntlRaw(fd, F_SETFL, flags)
  }
  return connectWhenRoom(fd, attempt)
}

/** Waits for room in the queue of a unix listener. */
function connectWhenRoom(fd: FdArgument, attempt: () => number): number {
  let errno = 0
  const call = (): number => {
    errno = attempt()
    setErrno(errno)
    return errno === 0 ? 0 : -1
  }
  unpollable('connect', call, { fd })
  return errno
}
