/** What is behind a descriptor, found out in one call that may fail. */
import { SOL_SOCKET } from './constants.js'
import { c } from './ffi.js'
import { SO_TYPE } from './io-constants.js'
import { getsockoptRaw } from './raw.js'

const lseekRaw: (fd: number, offset: number, whence: number) => number = c(
  'int64_t lseek(int fd, int64_t offset, int whence)',
)
const SEEK_CUR = 1

/** Reports whether it has an offset, as files and most devices have; pipes, sockets and terminals have none. lseek(2) */
export const isSeekable = (fd: number): boolean => lseekRaw(fd, 0, SEEK_CUR) >= 0

const value = new Int32Array(1)
const length = new Int32Array(1)

/** Reports whether it is a socket. getsockopt(2), SO_TYPE */
export function isSocket(fd: number): boolean {
  length[0] = 4
  return getsockoptRaw(fd, SOL_SOCKET, SO_TYPE, value, length) === 0
}
