/** Making, copying and closing descriptors, with arguments checked. */
import { forgetMark, keepOnFork } from '../fork/close-on-fork.js'
import type { BlockingFd, Fd, FdArgument } from '../libc/brand.js'
import type { O_CLOEXEC } from '../libc/constants.js'
import * as inner from '../libc/fd.js'
import { c } from '../libc/ffi.js'
import { check } from '../libc/posix-error.js'
import { path as checkPath, int, long, noMore, uint, unsigned } from './arguments/check.js'
import { caught } from './handlers/caught-signals.js'
import { forgetClosed } from './handlers/interruptible.js'
import { unpollable } from './handlers/unpollable.js'
import { ready } from './outcome.js'

const dupRaw: (fd: number) => number = c('int dup(int oldfd)')
const pipe2Raw: (fds: Int32Array, flags: number) => number = c('int pipe2(void *pipefd, int flags)')
const fsyncRaw: (fd: number) => number = c('int fsync(int fd)')

/**
 * Opens a file. open(2)
 *
 * @param flags O_RDONLY, O_WRONLY or O_RDWR, with O_CREAT, O_APPEND, O_CLOEXEC, … added by `|`
 * @param mode permissions of a new file, before the umask
 * @throws {PosixError} ENOENT, EACCES, EEXIST, EMFILE, …
 */
export function open(path: string, flags: number, mode = 0o644): Fd {
  checkPath('path', path)
  int('flags', flags)
  uint('mode', mode)
  if (!caught.any) return inner.open(path, flags, mode | 0) as Fd
  return check(
    unpollable('open', () => inner.openRaw(path, flags, mode | 0), { path }),
    'open',
    { path },
  ) as Fd
}

/**
 * Closes a descriptor. Never to be repeated: on Linux it is gone even after EINTR. close(2)
 *
 * @throws {PosixError} EBADF, EIO
 */
export function close(fd: FdArgument): void {
  int('fd', fd)
  forgetMark(fd)
  forgetClosed(fd, fd)
  inner.close(fd)
}

/**
 * Closes every open descriptor from `first` to `last`, both included; holes are fine. close_range(2)
 *
 * @param last 0 to 2^32 - 1; C's `~0` as well
 * @throws {PosixError} EINVAL when `last` is below `first`
 */
export function close_range(first: FdArgument, last: FdArgument): void {
  const from = unsigned('first', first)
  const to = unsigned('last', last)
  forgetClosed(from, to)
  inner.close_range(from, to)
}

/**
 * Makes the lowest free descriptor another name of `fd`. dup(2)
 *
 * @throws {PosixError} EBADF, EMFILE
 */
export function dup(fd: BlockingFd): BlockingFd
export function dup(fd: FdArgument): Fd
export function dup(fd: FdArgument): Fd {
  int('fd', fd)
  return check(dupRaw(fd), 'dup', { fd }) as Fd
}

/**
 * Makes `to` another name of `from`, closing what `to` was; nothing happens when they are equal. dup2(2)
 *
 * @throws {PosixError} EBADF
 */
export function dup2(from: BlockingFd, to: FdArgument): BlockingFd
export function dup2(from: FdArgument, to: FdArgument): Fd
export function dup2(from: FdArgument, to: FdArgument): Fd {
  int('from', from)
  int('to', to)
  if (from !== to) forgetClosed(to, to)
  return inner.dup2(from, to) as Fd
}

/**
 * As `dup2`, but equal descriptors are refused, and `flags` may be O_CLOEXEC. dup3(2)
 *
 * @throws {PosixError} EBADF, EINVAL
 */
export function dup3(from: FdArgument, to: FdArgument, flags: number): Fd {
  int('from', from)
  int('to', to)
  int('flags', flags)
  if (from !== to) forgetClosed(to, to)
  return inner.dup3(from, to, flags) as Fd
}

/** F_GETLK, F_SETLK, F_SETLKW, F_SETOWN_EX, F_GETOWN_EX, F_GETOWNER_UIDS, the OFD locks, the read and write hints. */
const withStruct = new Set([5, 6, 7, 15, 16, 17, 36, 37, 38, 1035, 1036, 1037, 1038])

/**
 * Asks or changes something about a descriptor by a command whose argument is an integer or none: F_GETFL, F_SETFL,
 * F_GETFD, F_SETFD, F_DUPFD, F_GETPIPE_SZ, … fcntl(2)
 *
 * @throws {PosixError} EBADF, EINVAL, …
 * @throws {RangeError} for a command whose argument is a struct: C would take the number for its address
 */
export function fcntl(fd: FdArgument, command: number, argument = 0): number {
  int('fd', fd)
  int('command', command)
  long('argument', argument)
  if (withStruct.has(command)) throw new RangeError(`command: expected one with an integer argument, got ${command}`)
  return inner.fcntl(fd, command, argument)
}

/** Sets or clears O_NONBLOCK, which belongs to the open file description and so to every process sharing it. */
export function setNonBlocking(fd: FdArgument, on: boolean): void {
  int('fd', fd)
  inner.setNonBlocking(fd, on)
}

/**
 * Makes a pipe: what is written to `[1]` comes out of `[0]`. pipe(2)
 *
 * @throws {PosixError} EMFILE, ENFILE
 */
export function pipe(): [readEnd: BlockingFd, writeEnd: BlockingFd]
export function pipe(more?: unknown): [Fd, Fd] {
  noMore(more, 'pipe(), which gives [readEnd, writeEnd]')
  return makePipe(0, 'pipe')
}

/**
 * As `pipe`, with O_CLOEXEC, O_NONBLOCK or O_DIRECT (packets) for both ends. pipe2(2)
 *
 * @throws {PosixError} EINVAL, EMFILE, ENFILE
 */
export function pipe2(flags?: 0 | typeof O_CLOEXEC): [readEnd: BlockingFd, writeEnd: BlockingFd]
export function pipe2(flags: number): [readEnd: Fd, writeEnd: Fd]
export function pipe2(flags = 0, more?: unknown): [readEnd: Fd, writeEnd: Fd] {
  noMore(more, 'pipe2(flags?), which gives [readEnd, writeEnd]')
  int('flags', flags)
  return makePipe(flags, 'pipe2')
}

function makePipe(flags: number, syscall: string): [Fd, Fd] {
  const fds = new Int32Array(2)
  check(pipe2Raw(fds, flags), syscall)
  return [keepOnFork(fds[0] as Fd), keepOnFork(fds[1] as Fd)]
}

/**
 * Returns once data and metadata of a file are on the device. fsync(2)
 *
 * @throws {PosixError} EBADF, EIO, EINVAL (a pipe or socket), …
 */
export function fsync(fd: FdArgument): void {
  int('fd', fd)
  check(fsyncRaw(fd), 'fsync', { fd })
}

/**
 * As `fsync`, without the metadata that reading back does not need. fdatasync(2)
 *
 * @throws {PosixError} as `fsync`
 */
export function fdatasync(fd: FdArgument): void {
  int('fd', fd)
  inner.fdatasync(fd)
}

/**
 * Makes a file `length` bytes long. ftruncate(2)
 *
 * @throws {PosixError} EBADF, EINVAL, EFBIG, …
 */
export function ftruncate(fd: FdArgument, length: number): void {
  int('fd', fd)
  long('length', length)
  inner.ftruncate(fd, length)
}

/**
 * Takes or releases the lock of an open file description. flock(2)
 *
 * @param operation LOCK_SH, LOCK_EX or LOCK_UN, with LOCK_NB added by `|`
 * @returns false when LOCK_NB was given and another has the lock
 * @throws {PosixError} EBADF, EINVAL
 */
export function flock(fd: FdArgument, operation: number): boolean {
  int('fd', fd)
  int('operation', operation)
  if (!caught.any) return inner.flock(fd, operation)
  return (
    ready(
      unpollable('flock', () => inner.flockRaw(fd, operation), { fd }),
      'flock',
      fd,
    ) === 0
  )
}
