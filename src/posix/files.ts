/** Files, FIFOs and terminals by name and descriptor, with arguments checked. */
import type { FdArgument, Pid, PidArgument } from '../libc/brand.js'
import { c, lastErrno } from '../libc/ffi.js'
import { EBADF } from '../libc/io-constants.js'
import { check, PosixError } from '../libc/posix-error.js'
import { path as checkPath, int, long, uint } from './arguments/check.js'
import { caught, deliver } from './handlers/caught-signals.js'

const lseekRaw: (fd: number, offset: number, whence: number) => number | bigint = c(
  'int64_t lseek(int fd, int64_t offset, int whence)',
)
const unlinkRaw: (path: string) => number = c('int unlink(const char *path)')
const mkfifoRaw: (path: string, mode: number) => number = c('int mkfifo(const char *path, unsigned int mode)')
const isattyRaw: (fd: number) => number = c('int isatty(int fd)')
const tcsetpgrpRaw: (fd: number, pgrp: number) => number = c('int tcsetpgrp(int fd, int pgrp)')
const tcgetpgrpRaw: (fd: number) => number = c('int tcgetpgrp(int fd)')

/**
 * Moves the offset at which the next read or write begins. lseek(2)
 *
 * @param offset bytes, below 0 too, from where `whence` says: SEEK_SET, SEEK_CUR or SEEK_END
 * @returns the new offset, in bytes from the beginning
 * @throws {PosixError} ESPIPE (a pipe, socket or terminal), EINVAL, EBADF
 */
export function lseek(fd: FdArgument, offset: number, whence: number): number {
  int('fd', fd)
  long('offset', offset)
  int('whence', whence)
  return check(Number(lseekRaw(fd, offset, whence)), 'lseek', { fd })
}

/**
 * Removes a name; the file goes with its last name and descriptor. unlink(2)
 *
 * @throws {PosixError} ENOENT, EACCES, EPERM, EISDIR, …
 */
export function unlink(path: string): void {
  checkPath('path', path)
  check(unlinkRaw(path), 'unlink', { path })
}

/**
 * Makes a FIFO: a pipe with a name. mkfifo(3)
 *
 * @param mode permissions, before the umask
 * @throws {PosixError} EEXIST, ENOENT, EACCES, …
 */
export function mkfifo(path: string, mode: number): void {
  checkPath('path', path)
  uint('mode', mode)
  check(mkfifoRaw(path, mode), 'mkfifo', { path })
}

/** Reports whether it is a terminal. isatty(3) @throws {PosixError} EBADF */
export function isatty(fd: FdArgument): boolean {
  int('fd', fd)
  if (isattyRaw(fd) === 1) return true
  if (lastErrno() === EBADF) throw new PosixError(EBADF, 'isatty', { fd })
  return false
}

/**
 * Makes a process group the one in the foreground of a terminal: Ctrl-C goes to it, and it may read. tcsetpgrp(3)
 *
 * @throws {PosixError} ENOTTY, EPERM, EINVAL, EBADF
 */
export function tcsetpgrp(fd: FdArgument, pgrp: PidArgument): void {
  int('fd', fd)
  int('pgrp', pgrp)
  const result = tcsetpgrpRaw(fd, pgrp)
  if (result < 0) check(result, 'tcsetpgrp', { fd })
  if (caught.any) deliver() // SIGTTOU, to who does it in the background
}

/** The process group in the foreground of a terminal. tcgetpgrp(3) @throws {PosixError} ENOTTY, EBADF */
export function tcgetpgrp(fd: FdArgument): Pid {
  int('fd', fd)
  return check(tcgetpgrpRaw(fd), 'tcgetpgrp', { fd }) as Pid
}
