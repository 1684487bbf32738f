/**
 * A lock on a whole file that the kernel takes back when its process ends, however it ends, and that no fork copies. On Linux pipes,
 * sockets and terminals have it too. fcntl(2), advisory record locks
 */
import { EAGAIN } from './constants.js'
import { c, lastErrno } from './ffi.js'

const lockRaw: (fd: number, command: number, lock: Uint8Array) => number = c('int fcntl(int fd, int cmd, void *lock)')

const F_SETLK = 6
const F_WRLCK = 1
const F_UNLCK = 2
const EACCES = 13

/** struct flock: l_type, l_whence, l_start, l_len, l_pid; all zero is from the start to the end. */
function flock(type: number): Uint8Array {
  const bytes = Buffer.alloc(32)
  bytes.writeInt16LE(type, 0)
  return bytes
}
const wholeFile = flock(F_WRLCK)
const nothing = flock(F_UNLCK)

/**
 * Takes the lock. `fd` is open for writing.
 *
 * @returns false when another process has it, undefined where there are no locks
 */
export function tryLock(fd: number): boolean | undefined {
  if (lockRaw(fd, F_SETLK, wholeFile) === 0) return true
  const errno = lastErrno()
  return errno === EAGAIN || errno === EACCES ? false : undefined
}

/** Gives it back. So does closing any descriptor of the same file. */
export const unlock = (fd: number): void => void lockRaw(fd, F_SETLK, nothing)
