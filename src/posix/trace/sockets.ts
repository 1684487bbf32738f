/** Traced: sockets. */
import * as posix from '../index.js'
import { addressValue, anyValue, bytesValue, flagsValue, nameValue, resultValue } from './notation.js'
import { traced } from './traced.js'
import { waitsForInput, waitsToReceive } from './waiting.js'

const { AF_INET, AF_INET6, AF_UNIX, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_NONBLOCK, SOCK_CLOEXEC } = posix
const { MSG_OOB, MSG_PEEK, MSG_DONTWAIT, MSG_NOSIGNAL, MSG_WAITALL, SHUT_RD, SHUT_WR, SHUT_RDWR } = posix
const { SOL_SOCKET, IPPROTO_TCP, SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE, SO_ERROR, SO_RCVBUF, SO_SNDBUF } = posix
const messageFlags = { MSG_OOB, MSG_PEEK, MSG_DONTWAIT, MSG_NOSIGNAL, MSG_WAITALL }
const options = { SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE, SO_ERROR, SO_RCVBUF, SO_SNDBUF }

const TYPE_MASK = 0xf

function typeOf(type: number): string {
  const base = nameValue(type & TYPE_MASK, { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET })
  const flags = type & ~TYPE_MASK
  return flags === 0 ? base : `${base}|${flagsValue(flags, { SOCK_NONBLOCK, SOCK_CLOEXEC })}`
}

const domainOf = (domain: number): string => nameValue(domain, { AF_INET, AF_INET6, AF_UNIX })
const made = (domain: number, type: number, protocol = 0): string[] => [
  domainOf(domain),
  typeOf(type),
  String(protocol),
]
const taken = (fd: number | undefined): string => (fd === undefined ? '-1 EAGAIN' : resultValue(fd))
const optionOf = (level: number, name: number): string[] => [
  nameValue(level, { SOL_SOCKET, IPPROTO_TCP }),
  level === SOL_SOCKET ? nameValue(name, options) : String(name),
]
const text = (data: Uint8Array | string): string => bytesValue(typeof data === 'string' ? Buffer.from(data) : data)

export const getaddrinfo = traced('getaddrinfo', posix.getaddrinfo)
export const socket = traced('socket', posix.socket, { given: made })
export const socketpair = traced('socketpair', posix.socketpair, {
  given: made,
  filled: (fds, _args, given) => [...given, anyValue(fds)],
})
export const bind = traced('bind', posix.bind, { given: (fd, address) => [String(fd), addressValue(address)] })
export const connect = traced('connect', posix.connect, {
  given: (fd, address) => [String(fd), addressValue(address)],
  result: (done) => (done === undefined ? '-1 EINPROGRESS' : '0'),
})
export const listen = traced('listen', posix.listen)
export const accept = traced('accept', posix.accept, {
  waits: (...[fd]) => waitsForInput(fd),
  filled: (_fd, [fd, peer]) => [
    String(fd),
    ...(peer && peer.address !== undefined ? [addressValue(peer.address)] : []),
  ],
  result: taken,
})
export const accept4 = traced('accept4', posix.accept4, { result: taken })
export const shutdown = traced('shutdown', posix.shutdown, {
  given: (fd, how) => [String(fd), nameValue(how, { SHUT_RD, SHUT_WR, SHUT_RDWR })],
})
export const getsockname = traced('getsockname', posix.getsockname, {
  filled: (address, [fd]) => [String(fd), addressValue(address)],
})
export const getpeername = traced('getpeername', posix.getpeername, {
  filled: (address, [fd]) => [String(fd), addressValue(address)],
})
type Setsockopt = (fd: posix.FdArgument, level: number, name: number, value: number | boolean) => void
export const setsockopt = traced('setsockopt', posix.setsockopt as Setsockopt, {
  given: (fd, level, name, value) => [String(fd), ...optionOf(level, name), anyValue(value)],
})
type Getsockopt = (fd: posix.FdArgument, level: number, name: number) => number
export const getsockopt = traced('getsockopt', posix.getsockopt as Getsockopt, {
  given: (fd, level, name) => [String(fd), ...optionOf(level, name)],
  filled: (value, _args, given) => [...given, anyValue(value)],
  result: () => '0',
})
export const send = traced('send', posix.send, {
  given: (fd, data, flags = 0) => [
    String(fd),
    text(data),
    String(Buffer.byteLength(data)),
    flagsValue(flags, messageFlags),
  ],
  result: taken,
})
export const recv = traced('recv', posix.recv, {
  given: (fd, buffer, flags = 0) => [String(fd), 'buf', String(buffer.length), flagsValue(flags, messageFlags)],
  waits: (fd, _buffer, flags) => waitsToReceive(fd, flags),
  filled: (count, [fd, buffer, flags = 0]) => [
    String(fd),
    bytesValue(buffer, count ?? 0),
    String(buffer.length),
    flagsValue(flags, messageFlags),
  ],
  result: taken,
})
export const sendto = traced('sendto', posix.sendto, { result: taken })
export const recvfrom = traced('recvfrom', posix.recvfrom, {
  waits: (fd, _buffer, flags) => waitsToReceive(fd, flags),
  result: taken,
})
export const sendmsg = traced('sendmsg', posix.sendmsg)
export const recvmsg = traced('recvmsg', posix.recvmsg, { waits: (fd, _message, flags) => waitsToReceive(fd, flags) })
