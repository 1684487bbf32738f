/** Addresses and names as C programs write them: byte orders, text and numbers, getaddrinfo. */
import { isIPv4, isIPv6 } from 'node:net'
import { decodeSockaddr, encodeSockaddr } from '../libc/address.js'
import { AF_INET, AF_INET6 } from '../libc/constants.js'
import { c } from '../libc/ffi.js'
import { EAFNOSUPPORT } from '../libc/io-constants.js'
import { PosixError } from '../libc/posix-error.js'
import { int, memory, noMore, refuse, uint } from './arguments/check.js'

const inetAddrRaw: (text: string) => number = c('uint32_t inet_addr(const char *cp)')

/** Both kinds of machine that Tined runs on are little-endian. */
const swap16 = (value: number): number => ((value & 0xff) << 8) | (value >>> 8)
const swap32 = (value: number): number =>
  (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0

function port(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) refuse(name, '0 to 65535', value)
  return value
}

function word(name: string, value: number): number {
  uint(name, value)
  return value
}

/** A port or other 16 bits in the order of the network. htons(3) */
export const htons = (hostshort: number): number => swap16(port('hostshort', hostshort))
/** And back. ntohs(3) */
export const ntohs = (netshort: number): number => swap16(port('netshort', netshort))
/** An address or other 32 bits in the order of the network. htonl(3) */
export const htonl = (hostlong: number): number => swap32(word('hostlong', hostlong))
/** And back. ntohl(3) */
export const ntohl = (netlong: number): number => swap32(word('netlong', netlong))

/**
 * An IPv4 address in any of the forms that C knows (`127.1`, `0x7f000001`), in the order of the network. inet_addr(3)
 *
 * @returns INADDR_NONE, which is 255.255.255.255 as well, when it is no address
 */
export function inet_addr(text: string): number {
  if (typeof text !== 'string' || text.includes('\0')) refuse('text', 'a string without null bytes', text)
  return inetAddrRaw(text) >>> 0
}

/** Where the address lies in a sockaddr. */
const PLACES = { [AF_INET]: [4, 8], [AF_INET6]: [8, 24] } as const

function placeOf(family: number, call: string): readonly [number, number] {
  int('family', family)
  if (family !== AF_INET && family !== AF_INET6) throw new PosixError(EAFNOSUPPORT, call)
  return PLACES[family]
}

/**
 * The bytes of a numeric address: 4 for AF_INET, 16 for AF_INET6. inet_pton(3)
 *
 * @returns `undefined`, where C returns 0, when it is none of that family
 * @throws {PosixError} EAFNOSUPPORT
 */
export function inet_pton(family: number, text: string): Buffer | undefined
export function inet_pton(family: number, text: string, more?: unknown): Buffer | undefined {
  noMore(more, 'inet_pton(family, text), which gives the bytes')
  const place = placeOf(family, 'inet_pton')
  if (typeof text !== 'string') refuse('text', 'a string', text)
  const fits = family === AF_INET ? isIPv4(text) : isIPv6(text) && !text.includes('%')
  if (!fits) return undefined
  return encodeSockaddr({ family: family === AF_INET ? 'IPv4' : 'IPv6', address: text, port: 0 }).subarray(...place)
}

/**
 * The same as text. inet_ntop(3)
 *
 * @param bytes 4 for AF_INET, 16 for AF_INET6
 * @throws {PosixError} EAFNOSUPPORT
 */
export function inet_ntop(family: number, bytes: Uint8Array): string
export function inet_ntop(family: number, bytes: Uint8Array, more?: unknown): string {
  noMore(more, 'inet_ntop(family, bytes), which gives the text')
  const [from, to] = placeOf(family, 'inet_ntop')
  memory('bytes', bytes)
  if (bytes.length !== to - from) throw new RangeError(`bytes: expected ${to - from} bytes, got ${bytes.length}`)
  if (family === AF_INET) return bytes.join('.')
  const sockaddr = Buffer.alloc(28)
  sockaddr.writeUInt16LE(AF_INET6, 0)
  sockaddr.set(bytes, from)
  const decoded = decodeSockaddr(sockaddr, sockaddr.length)
  if (decoded.family === 'IPv6') return decoded.address
  return `::ffff:${bytes.subarray(12).join('.')}`
}
