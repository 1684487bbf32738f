/**
 * Writing while TypeScript handlers are installed. A blocking write waits until all is written, and no handler could run
 * in it; so it is made in parts that do not wait.
 */
import type { FdArgument } from '../../libc/brand.js'
import {
  EINTR,
  F_GETFL,
  O_NONBLOCK,
  O_RDONLY,
  PIPE_BUF,
  POLLOUT,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../../libc/constants.js'
import { F_GETPIPE_SZ, SO_TYPE } from '../../libc/io-constants.js'
import { PosixError } from '../../libc/posix-error.js'
import { fcntlRaw, getsockoptRaw } from '../../libc/raw.js'
import { ready } from '../outcome.js'
import { caught, deliver } from './caught-signals.js'
import { awaitReady, late, type Progress } from './interruptible.js'
import { BROKEN_OFF, brokenOff } from './watchdog.js'

const O_ACCMODE = 3

/** Whether what is written to it is a stream of bytes: a part of it may be written first. */
export function isStreamSocket(fd: FdArgument): boolean {
  const type = Int32Array.of(0)
  return getsockoptRaw(fd, SOL_SOCKET, SO_TYPE, type, Int32Array.of(4)) === 0 && type[0] === SOCK_STREAM
}

/** Bytes that can be written at once without waiting, where it is writable. */
function portionOf(fd: FdArgument, length: number): number {
  if (length <= PIPE_BUF) return length
  if (fcntlRaw(fd, F_GETPIPE_SZ, 0) >= 0) return PIPE_BUF
  return isStreamSocket(fd) ? PIPE_BUF : length // a file, a datagram: in one piece or not at all
}

type Attempt = (part: Uint8Array) => number

/**
 * Writes `data` to a blocking descriptor, running handlers meanwhile.
 *
 * @param attempt the call itself, for a part of the data
 * @param now the same without waiting; `undefined` when it would wait, or is not to be had
 * @returns the bytes written: fewer when a handler has run; `undefined` for EAGAIN
 * @throws {PosixError} EINTR when one without SA_RESTART has run before anything was written
 */
export function writeInterruptibly(
  syscall: string,
  fd: FdArgument,
  data: Uint8Array,
  attempt: Attempt,
  now: (part: Uint8Array) => number | undefined,
): number | undefined {
  const flags = fcntlRaw(fd, F_GETFL, 0)
  deliver()
  if (flags < 0 || flags & O_NONBLOCK || (flags & O_ACCMODE) === O_RDONLY || data.length === 0)
    return ready(attempt(data), syscall, fd)
  const before = caught.runs
  let written = 0
  let result = now(data)
  for (;;) {
    try {
      if (result === undefined) result = oncePossible(syscall, fd, data.subarray(written), attempt, now, written > 0)
      const taken = ready(result, syscall, fd)
      if (taken === undefined) return written > 0 ? written : undefined
      written += taken
    } catch (error) {
      // as write(2): what was written counts, and the next call tells of the failure
      if (written > 0 && error instanceof PosixError) return written
      throw error
    }
    // as the kernel: what was written counts, even with SA_RESTART
    if (written >= data.length || caught.runs !== before) return written
    result = now(data.subarray(written))
  }
}

/** Another writer may be faster each time: then nothing is written, and handlers run before it is tried again. */
function oncePossible(
  syscall: string,
  fd: FdArgument,
  rest: Uint8Array,
  attempt: Attempt,
  now: (part: Uint8Array) => number | undefined,
  moved: boolean,
): number {
  const portion = rest.subarray(0, portionOf(fd, rest.length))
  for (let progress: Progress = moved ? 'moved' : 'new'; ; progress = moved ? 'moved' : 'begun') {
    const waited = awaitReady(syscall, fd, POLLOUT, progress)
    if (waited === 'late') return late()
    const result = now(rest) ?? brokenOff(() => attempt(portion))
    if (result !== BROKEN_OFF) return result
    if (waited === 'interrupted') throw new PosixError(EINTR, syscall, { fd })
  }
}
