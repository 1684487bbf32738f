/** Sockets: socket, bind, listen, accept4, shutdown, options, names, socketpair, descriptor passing. */
import { decodeSockaddr, encodeSockaddr, formatAddress, type SocketAddress } from './address.js'
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  EAGAIN,
  EINPROGRESS,
  EINTR,
  EINVAL,
  ENOTCONN,
  SO_ERROR,
  SOL_SOCKET,
} from './constants.js'
import { lastErrno } from './ffi.js'
import { check, PosixError } from './posix-error.js'
import {
  accept4Raw,
  bindRaw,
  connectRaw,
  getpeernameRaw,
  getsocknameRaw,
  getsockoptRaw,
  listenRaw,
  setsockoptRaw,
  shutdownRaw,
  socketpairRaw,
  socketRaw,
} from './raw.js'

/** socket(2) for the family of `address`. */
export function socket(address: SocketAddress, type: number): number {
  const domain = { IPv4: AF_INET, IPv6: AF_INET6, unix: AF_UNIX }[address.family]
  return check(socketRaw(domain, type, 0), 'socket', { address: formatAddress(address) })
}

/** bind(2). @throws {PosixError} EADDRINUSE, EACCES, EADDRNOTAVAIL */
export function bind(fd: number, address: SocketAddress): void {
  const encoded = encodeSockaddr(address)
  check(bindRaw(fd, encoded, encoded.length), 'bind', { address: formatAddress(address) })
}

/** listen(2) */
export const listen = (fd: number, backlog: number): void => void check(listenRaw(fd, backlog), 'listen', { fd })

const nameBuffer = Buffer.alloc(128)
const lengthBuffer = Buffer.alloc(4)
const length = new Int32Array(lengthBuffer.buffer, lengthBuffer.byteOffset, 1)

/**
 * Takes a connection; `acceptedPeer()` then tells who it is. accept4(2)
 *
 * @returns the descriptor, `undefined` when none waits (or it was gone before we came: ECONNABORTED)
 * @throws {PosixError} EMFILE, ENFILE, ENOBUFS, ENOMEM: back off and try again
 */
export function accept4(fd: number, flags: number): number | undefined {
  for (;;) {
    length[0] = nameBuffer.length
    const accepted = accept4Raw(fd, nameBuffer, lengthBuffer, flags)
    if (accepted >= 0) return accepted
    const errno = lastErrno()
    if (errno === EAGAIN || pendingNetworkErrors.has(errno)) return undefined
    if (errno !== EINTR) throw new PosixError(errno, 'accept4', { fd })
  }
}

/**
 * Waits on a listener that blocks, and takes a connection as `accept4` does. Of several processes that wait for the same listener the
 * kernel wakes one, who has waited longest. accept4(2)
 *
 * @returns the descriptor; `undefined` when a signal interrupted, when the listener was shut down (EINVAL), or when it does not block
 *   and nobody waits
 * @throws {PosixError} EMFILE, ENFILE, ENOBUFS, ENOMEM: back off and try again
 */
export function awaitClient(fd: number, flags: number): number | undefined {
  for (;;) {
    length[0] = nameBuffer.length
    const accepted = accept4Raw(fd, nameBuffer, lengthBuffer, flags)
    if (accepted >= 0) return accepted
    const errno = lastErrno()
    if (errno === EINTR || errno === EINVAL || errno === EAGAIN) return undefined
    if (!pendingNetworkErrors.has(errno)) throw new PosixError(errno, 'accept4', { fd })
  }
}

// accept(2), "Error handling": Linux passes errors that are already pending on the new socket; treat them like EAGAIN
const pendingNetworkErrors = new Set([103, 100, 71, 92, 112, 64, 113, 95, 101])

/** The peer of the connection that `accept4` took last. */
export const acceptedPeer = (): SocketAddress => decodeSockaddr(nameBuffer, length[0] as number)

/** Bytes of a sockaddr that are kept of an accepted client: all of IPv4's and IPv6's. */
export const PEER_BYTES = 28

/** Copies the sockaddr of the same to `target`. */
export const copyAcceptedPeer = (target: Buffer, at: number): void => void nameBuffer.copy(target, at, 0, PEER_BYTES)

/** Shuts one or both directions; false when the connection is already gone. shutdown(2) */
export function shutdown(fd: number, how: number): boolean {
  if (shutdownRaw(fd, how) === 0) return true
  if (lastErrno() === ENOTCONN) return false
  throw new PosixError(lastErrno(), 'shutdown', { fd })
}

const intBuffer = Buffer.alloc(4)

/** setsockopt(2) with an int value. */
export function setsockopt(fd: number, level: number, name: number, value: number | Buffer): void {
  if (typeof value === 'number') intBuffer.writeInt32LE(value)
  const bytes = typeof value === 'number' ? intBuffer : value
  check(setsockoptRaw(fd, level, name, bytes, bytes.length), 'setsockopt', { fd })
}

/** Milliseconds as the kernel wants them for its questions to a silent peer: whole seconds, 1 to 32,767. tcp(7), TCP_KEEPIDLE, TCP_KEEPINTVL */
export const keepAliveSeconds = (ms: number): number => Math.min(32_767, Math.max(1, Math.ceil(ms / 1000)))

/** getsockopt(2) with an int value. */
export function getsockopt(fd: number, level: number, name: number): number {
  lengthBuffer.writeUInt32LE(4)
  check(getsockoptRaw(fd, level, name, intBuffer, lengthBuffer), 'getsockopt', { fd })
  return intBuffer.readInt32LE()
}

/** getsockopt(2) with a struct, or its first bytes. */
export function getsockoptBytes(fd: number, level: number, name: number, bytes: number): Buffer {
  const value = Buffer.alloc(bytes)
  lengthBuffer.writeUInt32LE(bytes)
  check(getsockoptRaw(fd, level, name, value, lengthBuffer), 'getsockopt', { fd })
  return value
}

/** The error pending on a socket, cleared by asking; 0 for none. socket(7), SO_ERROR */
export const socketError = (fd: number): number => getsockopt(fd, SOL_SOCKET, SO_ERROR)

/** getsockname(2): where a socket is bound, the real port included. */
export function getsockname(fd: number): SocketAddress {
  const address = Buffer.alloc(128)
  lengthBuffer.writeUInt32LE(address.length)
  check(getsocknameRaw(fd, address, lengthBuffer), 'getsockname', { fd })
  return decodeSockaddr(address, lengthBuffer.readUInt32LE())
}

/** getpeername(2): the other end; undefined when there is none any more. */
export function getpeername(fd: number): SocketAddress | undefined {
  const address = Buffer.alloc(128)
  lengthBuffer.writeUInt32LE(address.length)
  if (getpeernameRaw(fd, address, lengthBuffer) === 0) return decodeSockaddr(address, lengthBuffer.readUInt32LE())
  if (lastErrno() === ENOTCONN) return undefined
  throw new PosixError(lastErrno(), 'getpeername', { fd })
}

const fds = new Int32Array(2)

/** Two connected unix sockets. socketpair(2) */
export function socketpair(type: number): [number, number] {
  check(socketpairRaw(AF_UNIX, type, 0, fds), 'socketpair')
  return [fds[0] as number, fds[1] as number]
}

/**
 * Connects, waiting on a blocking socket. connect(2)
 *
 * @returns `undefined` when the connection is still being made (EINPROGRESS on a non-blocking socket, or EINTR): wait until
 *   the socket is writable, then ask `socketError`
 * @throws {PosixError} ECONNREFUSED, ENOENT, ENETUNREACH, EAGAIN (a unix listener's queue is full: nothing is under way), …
 */
export function connect(fd: number, address: SocketAddress): true | undefined {
  const encoded = encodeSockaddr(address)
  if (connectRaw(fd, encoded, encoded.length) === 0) return true
  const errno = lastErrno()
  if (errno === EINPROGRESS || errno === EINTR) return undefined
  throw new PosixError(errno, 'connect', { address: formatAddress(address) })
}
