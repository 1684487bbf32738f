/** Descriptors: read, write, close, fcntl, pipes, files. */

import {
  EAGAIN,
  EINTR,
  ENOSYS,
  EPERM,
  F_GETFL,
  F_SETFL,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from './constants.js'
import { c, lastErrno, type Memory } from './ffi.js'
import { F_DUPFD_CLOEXEC } from './io-constants.js'
import { check, PosixError } from './posix-error.js'
import { closeRaw, fcntlRaw, readRaw, writeRaw } from './raw.js'

const pwriteRaw: (fd: number, buffer: Memory, count: number, offset: number) => number = c(
  'long pwrite(int fd, void *buf, size_t count, int64_t offset)',
)
const closeRangeRaw: (nr: number, first: number, last: number, flags: number) => number = c(
  'long syscall(long nr, unsigned int first, unsigned int last, unsigned int flags)',
)
const pipe2Raw: (fds: Int32Array, flags: number) => number = c('int pipe2(void *pipefd, int flags)')
const dup2Raw: (from: number, to: number) => number = c('int dup2(int oldfd, int newfd)')
const dup3Raw: (from: number, to: number, flags: number) => number = c('int dup3(int oldfd, int newfd, int flags)')
export const openRaw: (path: string, flags: number, mode: number) => number = c(
  'int open(const char *path, int flags, int mode)',
)
const fdatasyncRaw: (fd: number) => number = c('int fdatasync(int fd)')
const ftruncateRaw: (fd: number, length: number) => number = c('int ftruncate(int fd, int64_t length)')
export const flockRaw: (fd: number, operation: number) => number = c('int flock(int fd, int operation)')

const tried = new Int32Array(2)

const SYS_close_range = 436 // the same number on every architecture

/** After a failed call: false when it would block, true when it was interrupted and is to be made again. */
export function interrupted(syscall: string, fd: number): boolean {
  const errno = lastErrno()
  if (errno === EAGAIN) return false
  if (errno !== EINTR) throw new PosixError(errno, syscall, { fd })
  return true
}

/**
 * Reads up to `count` bytes into `buffer`. Restarted on EINTR. read(2)
 *
 * @returns the bytes read, `0` at end of file, `undefined` when a non-blocking descriptor has nothing yet
 * @throws {PosixError} EBADF, ECONNRESET, EIO, …
 */
export function read(fd: number, buffer: Uint8Array, count = buffer.length): number | undefined {
  do {
    const taken = readRaw(fd, buffer, count)
    if (taken >= 0) return taken
  } while (interrupted('read', fd))
  return undefined
}

/**
 * Writes up to `count` bytes of `buffer`; may write fewer. Restarted on EINTR. write(2)
 *
 * @returns the bytes written, `undefined` when a non-blocking descriptor takes none now
 * @throws {PosixError} EPIPE, ECONNRESET, ENOSPC, …
 */
export function write(fd: number, buffer: Uint8Array, count = buffer.length): number | undefined {
  do {
    const taken = writeRaw(fd, buffer, count)
    if (taken >= 0) return taken
  } while (interrupted('write', fd))
  return undefined
}

/** Writes at a file offset; may write fewer bytes than asked. pwrite(2) */
export function pwrite(fd: number, buffer: Uint8Array, count: number, offset: number): number {
  do {
    const taken = pwriteRaw(fd, buffer, count, offset)
    if (taken >= 0) return taken
  } while (interrupted('pwrite', fd))
  return 0
}

/** Closes `fd`. Never retried: on Linux the descriptor is gone even after EINTR. close(2) */
export function close(fd: number): void {
  if (closeRaw(fd) < 0 && lastErrno() !== EINTR) throw new PosixError(lastErrno(), 'close', { fd })
}

/** Closes `fd` if it is one, and says nothing if not. */
export const closeIfOpen = (fd: number): void => void closeRaw(fd)

/** Closes every open descriptor from `first` to `last`, both included; holes are fine. close_range(2) */
export function close_range(first: number, last: number): void {
  if (closeRangeRaw(SYS_close_range, first, last, 0) < 0) {
    const errno = lastErrno()
    if (errno !== ENOSYS && errno !== EPERM) throw new PosixError(errno, 'close_range')
    // kernels before 5.9 lack it, and filters of old containers refuse it
    for (let fd = first; fd <= Math.min(last, 65_535); fd++) closeRaw(fd)
  }
}

/** fcntl(2) with an integer argument. */
export const fcntl = (fd: number, command: number, argument = 0): number =>
  check(fcntlRaw(fd, command, argument), 'fcntl', { fd })

/** Sets or clears O_NONBLOCK, which belongs to the open file description and so to every process sharing it. */
export function setNonBlocking(fd: number, on: boolean): void {
  const flags = fcntl(fd, F_GETFL)
  fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK)
}

/** Makes a pipe: what is written to `[1]` comes out of `[0]`. pipe2(2) */
export function pipe2(flags = 0): [readEnd: number, writeEnd: number] {
  const fds = new Int32Array(2)
  check(pipe2Raw(fds, flags), 'pipe2')
  return [fds[0] as number, fds[1] as number]
}

/**
 * Has so many more descriptors at once for a moment, two of them those of a pipe.
 *
 * @returns 0, or the errno of the first that could not be had: EMFILE, ENFILE
 */
export function tryDescriptors(count: number): number {
  if (pipe2Raw(tried, O_CLOEXEC) < 0) return lastErrno()
  const held = [tried[0] as number, tried[1] as number]
  let errno = 0
  while (held.length < count && errno === 0) {
    const fd = fcntlRaw(held[0] as number, F_DUPFD_CLOEXEC, 0)
    if (fd < 0) errno = lastErrno()
    else held.push(fd)
  }
  for (const fd of held) closeRaw(fd)
  return errno
}

/** Whether this process may have one descriptor more. @param any a descriptor that is open */
export function mayOpen(any: number): boolean {
  const fd = fcntlRaw(any, F_DUPFD_CLOEXEC, 0)
  if (fd >= 0) closeRaw(fd)
  return fd >= 0
}

/** pipe(2) */
export const pipe = (): [readEnd: number, writeEnd: number] => pipe2(0)

/** Makes `to` another name of `from`, closing what `to` was. dup2(2) */
export const dup2 = (from: number, to: number): number => check(dup2Raw(from, to), 'dup2', { fd: from })

/** As `dup2`; `flags` may be O_CLOEXEC. dup3(2) */
export const dup3 = (from: number, to: number, flags: number): number =>
  check(dup3Raw(from, to, flags), 'dup3', { fd: from })

/** open(2) */
export const open = (path: string, flags: number, mode = 0o644): number =>
  check(openRaw(path, flags, mode), 'open', { path })

/** open(2) of what may well be refused: undefined then. */
export function tryOpen(path: string, flags: number): number | undefined {
  const fd = openRaw(path, flags, 0)
  return fd >= 0 ? fd : undefined
}

/** Writes to a file that is there, and says nothing where that is refused. */
export function tryWriteTo(path: string, bytes: Uint8Array): void {
  const fd = openRaw(path, O_WRONLY | O_CLOEXEC, 0)
  if (fd < 0) return
  writeRaw(fd, bytes, bytes.length)
  closeRaw(fd)
}

let room = Buffer.alloc(1024)

/**
 * What a file of the kernel's says, of however many bytes, as UTF-8; undefined where it cannot be read. For processes that fork:
 * `readFileSync` reads and writes hundreds of pages, which every fork after it copies or notes.
 */
export function readText(path: string): string | undefined {
  const fd = openRaw(path, O_RDONLY | O_CLOEXEC, 0)
  if (fd < 0) return undefined
  let length = 0
  let taken = readRaw(fd, room, room.length)
  while (taken > 0) {
    length += taken
    if (length === room.length) room = Buffer.concat([room], 2 * length)
    taken = readRaw(fd, room.subarray(length), room.length - length)
  }
  closeRaw(fd)
  return taken < 0 ? undefined : room.toString('utf8', 0, length)
}

/** Returns once the data of `fd` are on the device. fdatasync(2) */
export const fdatasync = (fd: number): void => void check(fdatasyncRaw(fd), 'fdatasync', { fd })

/** ftruncate(2) */
export const ftruncate = (fd: number, length: number): void => void check(ftruncateRaw(fd, length), 'ftruncate', { fd })

/**
 * Takes or tries the lock of an open file description. flock(2)
 *
 * @returns false when LOCK_NB was given and another process holds the lock
 */
export function flock(fd: number, operation: number): boolean {
  do {
    if (flockRaw(fd, operation) === 0) return true
  } while (interrupted('flock', fd))
  return false
}
