/** Sockets: making, naming and connecting them, with arguments checked. */
import { decodeSockaddr, encodeSockaddr, formatAddress, type SocketAddress } from '../libc/address.js'
import type { BlockingFd, Fd, FdArgument } from '../libc/brand.js'
import { EINPROGRESS, POLLIN, type SOCK_SEQPACKET, type SOCK_STREAM, SOL_SOCKET } from '../libc/constants.js'
import { lastErrno } from '../libc/ffi.js'
import { EALREADY, SO_ACCEPTCONN, type SOCK_DGRAM } from '../libc/io-constants.js'
import { check, PosixError } from '../libc/posix-error.js'
import type { SOCK_RAW } from '../libc/program-constants.js'
import {
  accept4Raw,
  bindRaw,
  connectRaw,
  getpeernameRaw,
  getsocknameRaw,
  getsockoptRaw,
  listenRaw,
  shutdownRaw,
  socketpairRaw,
  socketRaw,
} from '../libc/raw.js'
import { type AddressArgument, addressArgument } from './arguments/address.js'
import { int, noMore, struct } from './arguments/check.js'
import { caught, deliver } from './handlers/caught-signals.js'
import { connectInterruptibly } from './handlers/interrupted-connect.js'
import { interruptible } from './handlers/interruptible.js'
import { ready } from './outcome.js'

type Ask = (fd: number, address: Buffer, length: Int32Array) => number

/** Without SOCK_NONBLOCK, which `|` makes a number of. */
type BlockingType = typeof SOCK_STREAM | typeof SOCK_DGRAM | typeof SOCK_SEQPACKET | typeof SOCK_RAW

/** Where a call puts an address, as C has a pointer to one. */
export interface AddressResult {
  address?: SocketAddress
}

/** sizeof(struct sockaddr_storage) */
const NAME_BYTES = 128
const name = Buffer.alloc(NAME_BYTES)
const nameLength = new Int32Array(1)

/**
 * Makes a socket. socket(2)
 *
 * @param domain AF_INET, AF_INET6 or AF_UNIX
 * @param type SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET, with SOCK_CLOEXEC and SOCK_NONBLOCK added by `|`
 * @throws {PosixError} EAFNOSUPPORT, EPROTONOSUPPORT, EMFILE, …
 */
export function socket(domain: number, type: BlockingType, protocol?: number): BlockingFd
export function socket(domain: number, type: number, protocol?: number): Fd
export function socket(domain: number, type: number, protocol = 0): Fd {
  int('domain', domain)
  int('type', type)
  int('protocol', protocol)
  return check(socketRaw(domain, type, protocol), 'socket') as Fd
}

/**
 * Makes two sockets that are connected with each other. socketpair(2)
 *
 * @param domain AF_UNIX
 * @param type as for `socket`
 * @throws {PosixError} EOPNOTSUPP (another domain), EMFILE, …
 */
export function socketpair(domain: number, type: BlockingType, protocol?: number): [BlockingFd, BlockingFd]
export function socketpair(domain: number, type: number, protocol?: number): [Fd, Fd]
export function socketpair(domain: number, type: number, protocol = 0, more?: unknown): [Fd, Fd] {
  noMore(more, 'socketpair(domain, type, protocol?), which gives two descriptors')
  int('domain', domain)
  int('type', type)
  int('protocol', protocol)
  const fds = new Int32Array(2)
  check(socketpairRaw(domain, type, protocol, fds), 'socketpair')
  return [fds[0] as Fd, fds[1] as Fd]
}

/**
 * Gives a socket its address; port 0 takes a free one, which `getsockname` tells. bind(2)
 *
 * @throws {PosixError} EADDRINUSE, EACCES, EADDRNOTAVAIL, EINVAL (bound already), …
 */
export function bind(fd: FdArgument, address: AddressArgument): void
export function bind(fd: FdArgument, address: AddressArgument, more?: unknown): void {
  noMore(more, 'bind(fd, address), with { host, port } or { path }')
  int('fd', fd)
  const full = addressArgument(address)
  const encoded = encodeSockaddr(full)
  check(bindRaw(fd, encoded, encoded.length), 'bind', { fd, address: formatAddress(full) })
}

/**
 * Lets clients connect; `backlog` of them may wait for `accept`. listen(2)
 *
 * @throws {PosixError} EADDRINUSE, EBADF, EOPNOTSUPP
 */
export function listen(fd: FdArgument, backlog: number): void {
  int('fd', fd)
  int('backlog', backlog)
  check(listenRaw(fd, backlog), 'listen', { fd })
}

/**
 * Takes a connection. accept(2)
 *
 * @param peer its `address` is set to the client's; C's NULL, `null` or 0, stands for none
 * @returns the connection's descriptor; `undefined` when a non-blocking socket has none waiting (EAGAIN)
 * @throws {PosixError} EINTR, ECONNABORTED, EMFILE, ENFILE, EINVAL (not listening), …
 */
export function accept(fd: BlockingFd, peer?: AddressResult | null | 0): BlockingFd
export function accept(fd: FdArgument, peer?: AddressResult | null | 0): BlockingFd | undefined
export function accept(fd: FdArgument, peer?: AddressResult | null | 0, more?: unknown): Fd | undefined {
  noLength(peer, more, 'accept(fd, peer?), which sets peer.address')
  return take(fd, 0, peer || undefined, 'accept')
}

/** C's NULL for the length goes with its NULL for the address. */
function noLength(peer: unknown, more: unknown, form: string): void {
  if (peer || (more !== null && more !== 0)) noMore(more, form)
}

/** As `accept`, with SOCK_CLOEXEC and SOCK_NONBLOCK for the new descriptor in `flags`. accept4(2) */
export function accept4(fd: FdArgument, flags: number, peer?: AddressResult | null): Fd | undefined
export function accept4(fd: FdArgument, flags: number, peer?: AddressResult | null, more?: unknown): Fd | undefined {
  noMore(more, 'accept4(fd, flags, peer?), which sets peer.address')
  return take(fd, flags, peer ?? undefined, 'accept4')
}

function listens(fd: FdArgument): boolean {
  const answer = Int32Array.of(0)
  return getsockoptRaw(fd, SOL_SOCKET, SO_ACCEPTCONN, answer, Int32Array.of(4)) === 0 && answer[0] === 1
}

function take(fd: FdArgument, flags: number, peer: AddressResult | undefined, syscall: string): Fd | undefined {
  int('fd', fd)
  int('flags', flags)
  if (peer !== undefined) struct('peer', peer)
  const attempt = (): number => {
    nameLength[0] = NAME_BYTES
    return accept4Raw(fd, name, nameLength, flags)
  }
  // what does not listen is refused at once, and poll(2) would wait for it
  const waits = caught.any && listens(fd)
  if (caught.any && !waits) deliver()
  const taken = ready(waits ? interruptible(syscall, fd, POLLIN, attempt) : attempt(), syscall, fd)
  if (taken !== undefined && peer !== undefined) peer.address = decodeSockaddr(name, nameLength[0] as number)
  return taken as Fd | undefined
}

/**
 * Connects, and waits for it on a blocking socket. connect(2)
 *
 * @returns `undefined` when a non-blocking socket is still at it: wait until it is writable, then ask for SO_ERROR
 * @throws {PosixError} ECONNREFUSED, ENOENT (unix), ETIMEDOUT, EHOSTUNREACH, EISCONN, EINTR, …
 */
export function connect(fd: BlockingFd, address: AddressArgument): true
export function connect(fd: FdArgument, address: AddressArgument): true | undefined
export function connect(fd: FdArgument, address: AddressArgument, more?: unknown): true | undefined {
  noMore(more, 'connect(fd, address), with { host, port } or { path }')
  int('fd', fd)
  const full = addressArgument(address)
  const encoded = encodeSockaddr(full)
  const attempt = (): number => (connectRaw(fd, encoded, encoded.length) === 0 ? 0 : lastErrno())
  const errno = caught.any ? connectInterruptibly(fd, full.family === 'unix', attempt) : attempt()
  if (errno === 0) return true
  if (errno === EINPROGRESS || errno === EALREADY) return undefined
  throw new PosixError(errno, 'connect', { fd, address: formatAddress(full) })
}

/**
 * Ends one direction or both; the descriptor stays. shutdown(2)
 *
 * @param how SHUT_RD, SHUT_WR (the other side reads end of file) or SHUT_RDWR
 * @throws {PosixError} ENOTCONN, EBADF, EINVAL
 */
export function shutdown(fd: FdArgument, how: number): void {
  int('fd', fd)
  int('how', how)
  check(shutdownRaw(fd, how), 'shutdown', { fd })
}

/**
 * The address of this end, the real port included. getsockname(2)
 *
 * @throws {PosixError} EBADF, ENOTSOCK
 */
export function getsockname(fd: FdArgument): SocketAddress
export function getsockname(fd: FdArgument, more?: unknown): SocketAddress {
  noMore(more, 'getsockname(fd), which gives the address')
  return nameBy(getsocknameRaw, 'getsockname', fd)
}

/**
 * The address of the other end. getpeername(2)
 *
 * @throws {PosixError} ENOTCONN, EBADF, ENOTSOCK
 */
export function getpeername(fd: FdArgument): SocketAddress
export function getpeername(fd: FdArgument, more?: unknown): SocketAddress {
  noMore(more, 'getpeername(fd), which gives the address')
  return nameBy(getpeernameRaw, 'getpeername', fd)
}

function nameBy(ask: Ask, syscall: string, fd: FdArgument): SocketAddress {
  int('fd', fd)
  nameLength[0] = NAME_BYTES
  check(ask(fd, name, nameLength), syscall, { fd })
  return decodeSockaddr(name, nameLength[0] as number)
}
