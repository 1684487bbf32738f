/** Socket addresses: parsing what a user types, and the C structs. Pure; no system call. */
import { isUtf8 } from 'node:buffer'
import { isIP, isIPv6 } from 'node:net'
import { ANY, addressHint } from './address-hint.js'
import { AF_INET, AF_INET6, AF_UNIX } from './constants.js'
import { FOREIGN_BYTE, printable } from './printable.js'

/** Where a socket listens or comes from. */
export type SocketAddress =
  | { family: 'IPv4' | 'IPv6'; address: string; port: number }
  /** `path` is empty for an unnamed socket; a leading `\0` makes it abstract; a byte that is not UTF-8 is U+DC00 and its value. */
  | { family: 'unix'; path: string }

/**
 * `127.0.0.1:9190`, `[::1]:9190`, `unix:/run/x.sock`, `unix:` for a client without a name. For people: a unix client chooses the bytes
 * of its name, so what could move a cursor or forge a line is escaped.
 */
export const formatAddress = (address: SocketAddress): string =>
  address.family === 'unix' ? printable(exactAddress(address)) : exactAddress(address)

/** The same as `parseAddress` reads it, whatever bytes it has. */
export function exactAddress(address: SocketAddress): string {
  if (address.family === 'unix') return `unix:${address.path.replace(/^\0/, '@')}`
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`
}

/** `127.0.0.1`, `[::1]`, `unix:/run/x.sock`: an address without its port. */
export function hostOf(address: SocketAddress): string {
  if (address.family === 'unix') return formatAddress(address)
  return address.family === 'IPv6' ? `[${address.address}]` : address.address
}

/**
 * Parses `HOST:PORT`, `[IPv6]:PORT`, `PORT`, `unix:/path`; `localhost` and `*` are understood, other names are not looked up.
 *
 * @throws {TypeError} when it has another shape, {RangeError} for a port outside 0 to 65535
 */
export const parseAddress = (text: string): SocketAddress => readAddress('address', text)

/** Reports whether it is `[::]`: all addresses of the machine. */
export const isAnyIPv6 = (address: SocketAddress): boolean =>
  address.family === 'IPv6' && encodeIPv6(address.address).every((byte) => byte === 0)

/** The same for an address that errors call `name`. */
export function readAddress(name: string, text: string, example = ANY): SocketAddress {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length).replace(/^@/, '\0')
    if (path === '' || Buffer.byteLength(path) > 107)
      throw new RangeError(`${name}: expected a path of 1 to 107 bytes, got ${JSON.stringify(text)}`)
    return { family: 'unix', path }
  }
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d+)$/.exec(text)
  const host = match?.[1] ?? match?.[2] ?? '127.0.0.1'
  const ip = { localhost: '127.0.0.1', '*': '0.0.0.0' }[host] ?? host
  if (match === null || isIP(ip) === 0 || ip.includes('%'))
    throw new TypeError(
      `${name}: expected HOST:PORT${example.unix ? ', [IPv6]:PORT or unix:PATH' : ' or [IPv6]:PORT'} with a numeric host, no zone, got ${JSON.stringify(text)}${addressHint(text, true, example)}`,
    )
  const port = Number(match[3])
  if (port > 65_535) throw new RangeError(`${name}: expected a port from 0 to 65535, got ${JSON.stringify(text)}`)
  return { family: isIPv6(ip) ? 'IPv6' : 'IPv4', address: ip, port }
}

/** Encodes a struct sockaddr_in, sockaddr_in6 or sockaddr_un. ip(7), ipv6(7), unix(7) */
export function encodeSockaddr(address: SocketAddress): Buffer {
  if (address.family === 'unix') {
    const path = Buffer.from(address.path)
    const buffer = Buffer.alloc(2 + path.length + (address.path.startsWith('\0') ? 0 : 1))
    buffer.writeUInt16LE(AF_UNIX, 0)
    path.copy(buffer, 2)
    return buffer
  }
  const buffer = Buffer.alloc(address.family === 'IPv4' ? 16 : 28)
  buffer.writeUInt16LE(address.family === 'IPv4' ? AF_INET : AF_INET6, 0)
  buffer.writeUInt16BE(address.port, 2)
  if (address.family === 'IPv4') buffer.set(address.address.split('.').map(Number), 4)
  else buffer.set(encodeIPv6(address.address), 8)
  return buffer
}

/** Decodes what accept(2), getsockname(2) or getpeername(2) stored. An IPv4 client of an IPv6 socket shows as IPv4. */
export function decodeSockaddr(buffer: Buffer, length: number): SocketAddress {
  const family = length >= 2 ? (buffer[0] as number) | ((buffer[1] as number) << 8) : AF_UNIX
  if (family === AF_INET) return { family: 'IPv4', address: decodeIPv4(buffer, 4), port: portOf(buffer) }
  if (family === AF_INET6) {
    const port = portOf(buffer)
    const mapped = buffer.readUInt32BE(16) === 0xffff && buffer.readBigUInt64BE(8) === 0n
    if (mapped) return { family: 'IPv4', address: decodeIPv4(buffer, 20), port }
    return { family: 'IPv6', address: decodeIPv6(buffer.subarray(8, 24)), port }
  }
  const path = textOf(buffer.subarray(2, length))
  return { family: 'unix', path: path.startsWith('\0') ? path : path.replace(/\0.*$/s, '') }
}

/** A name need not be UTF-8: bytes that are not become lone surrogates, which `formatAddress` shows as bytes. */
function textOf(name: Buffer): string {
  if (isUtf8(name)) return name.toString('utf8')
  let text = ''
  for (let at = 0; at < name.length; ) {
    const bytes = [1, 2, 3, 4].find((count) => at + count <= name.length && isUtf8(name.subarray(at, at + count)))
    text +=
      bytes === undefined
        ? String.fromCharCode(FOREIGN_BYTE + (name[at] as number))
        : name.toString('utf8', at, at + bytes)
    at += bytes ?? 1
  }
  return text
}

function encodeIPv6(text: string): Buffer {
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1) // WHATWG URL compresses and turns 1.2.3.4 into hex
  const [head = '', tail] = canonical.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
  const buffer = Buffer.alloc(16)
  all.forEach((group, index) => {
    buffer.writeUInt16BE(group, index * 2)
  })
  return buffer
}

const portOf = (sockaddr: Buffer): number => ((sockaddr[2] as number) << 8) | (sockaddr[3] as number)
/** `0` to `255`: to make a string of a number V8 writes to a cache, which costs a freshly forked process a page. */
const OCTETS = Array.from({ length: 256 }, (_, value) => String(value))
const octet = (bytes: Buffer, at: number): string => OCTETS[bytes[at] as number] as string
const decodeIPv4 = (bytes: Buffer, at: number): string =>
  `${octet(bytes, at)}.${octet(bytes, at + 1)}.${octet(bytes, at + 2)}.${octet(bytes, at + 3)}`

function decodeIPv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** What decodes the address of a client of IPv4, named for src/speed. */
export const hot = [decodeIPv4, octet, portOf]
