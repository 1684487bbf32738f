/**
 * Writing while TypeScript handlers are installed. A blocking write waits until all is written, and no handler could run
 * in it; so it is made in parts that do not wait.
 */
import type { FdArgument } from '../../libc/brand.js'
import { F_GETFL, O_NONBLOCK, O_RDONLY, PIPE_BUF, POLLOUT, SOCK_STREAM, SOL_SOCKET } from '../../libc/constants.js'
import { F_GETPIPE_SZ, SO_TYPE } from '../../libc/io-constants.js'
import { PosixError } from '../../libc/posix-error.js'
import { fcntlRaw, getsockoptRaw } from '../../libc/raw.js'
import { ready } from '../outcome.js'
import { deliver } from './caught-signals.js'
import { awaitReady } from './interruptible.js'

const O_ACCMODE = 3

/** Bytes that can be written at once without waiting, where it is writable. */
function portionOf(fd: FdArgument, length: number): number {
  if (length <= PIPE_BUF) return length
  if (fcntlRaw(fd, F_GETPIPE_SZ, 0) >= 0) return PIPE_BUF
  const type = Int32Array.of(0)
  const stream = getsockoptRaw(fd, SOL_SOCKET, SO_TYPE, type, Int32Array.of(4)) === 0 && type[0] === SOCK_STREAM
  return stream ? PIPE_BUF : length // a file, a datagram: in one piece or not at all
}

/**
 * Writes `data` to a blocking descriptor, running handlers meanwhile.
 *
 * @param attempt the call itself, for a part of the data
 * @returns the bytes written: fewer when a handler without SA_RESTART has run; `undefined` for EAGAIN
 * @throws {PosixError} EINTR when it has run before anything was written
 */
export function writeInterruptibly(
  syscall: string,
  fd: FdArgument,
  data: Uint8Array,
  attempt: (part: Uint8Array) => number,
): number | undefined {
  const flags = fcntlRaw(fd, F_GETFL, 0)
  if (flags < 0 || flags & O_NONBLOCK || (flags & O_ACCMODE) === O_RDONLY) {
    deliver()
    return ready(attempt(data), syscall, fd)
  }
  const portion = portionOf(fd, data.length)
  let written = 0
  do {
    try {
      awaitReady(syscall, fd, POLLOUT)
      const taken = ready(attempt(data.subarray(written, written + portion)), syscall, fd)
      if (taken === undefined) return written > 0 ? written : undefined
      written += taken
    } catch (error) {
      // as write(2): what was written counts, and the next call tells of the failure
      if (written > 0 && error instanceof PosixError) return written
      throw error
    }
  } while (written < data.length)
  return written
}
