/** Reading and writing a stream socket that never blocks: recv(2) and send(2), which spare the way through the file layer. */
import { MSG_DONTWAIT, MSG_NOSIGNAL } from './constants.js'
import { interrupted } from './fd.js'
import { c } from './ffi.js'
import { MSG_PEEK } from './io-constants.js'

const recvRaw: (fd: number, at: number, count: number, flags: number) => number = c(
  'int recv(int fd, uintptr_t buf, size_t n, int flags)',
)
const sendAtRaw: (fd: number, at: number, count: number, flags: number) => number = c(
  'int send(int fd, uintptr_t buf, size_t n, int flags)',
)
const sendRaw: (fd: number, bytes: Uint8Array, count: number, flags: number) => number = c(
  'int send(int fd, void *buf, size_t n, int flags)',
)

/**
 * Takes up to `count` bytes that have come, at most 2^31 - 1. recv(2), MSG_DONTWAIT
 *
 * @param address where to; of memory that does not move, see `fixedAddress`
 * @returns the bytes taken, `0` at end of file, `undefined` when nothing has come
 * @throws {PosixError} ECONNRESET, ETIMEDOUT, …
 */
export function recvNow(fd: number, address: number, count: number): number | undefined {
  do {
    const taken = recvRaw(fd, address, count, MSG_DONTWAIT)
    if (taken >= 0) return taken
  } while (interrupted('recv', fd))
  return undefined
}

/** The same, but leaves the bytes to be taken: what a next call takes begins with them. recv(2), MSG_PEEK */
export function peekNow(fd: number, address: number, count: number): number | undefined {
  do {
    const seen = recvRaw(fd, address, count, MSG_DONTWAIT | MSG_PEEK)
    if (seen >= 0) return seen
  } while (interrupted('recv', fd))
  return undefined
}

/**
 * Sends what the socket has room for. send(2), MSG_DONTWAIT | MSG_NOSIGNAL
 *
 * @returns the bytes sent, `undefined` when there is no room now
 * @throws {PosixError} EPIPE, ECONNRESET, …
 */
export function sendNow(fd: number, bytes: Uint8Array): number | undefined {
  // the result is an int: more than 2^31 - 1 bytes go in two calls
  const count = Math.min(bytes.length, 0x7fff_ffff)
  do {
    const sent = sendRaw(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL)
    if (sent >= 0) return sent
  } while (interrupted('send', fd))
  return undefined
}

/** The same of memory that does not move, which costs less: nobody looks at a Buffer. send(2) */
export function sendNowAt(fd: number, address: number, count: number): number | undefined {
  do {
    const sent = sendAtRaw(fd, address, count, MSG_DONTWAIT | MSG_NOSIGNAL)
    if (sent >= 0) return sent
  } while (interrupted('send', fd))
  return undefined
}
