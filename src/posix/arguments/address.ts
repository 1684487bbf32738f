/** Addresses as arguments: what the calls return, or shorter. */
import { isIPv4, isIPv6 } from 'node:net'
import type { SocketAddress } from '../../libc/address.js'
import { AF_INET } from '../../libc/constants.js'
import { refuse, struct, uint } from './check.js'

/** struct sockaddr_in, as C programs fill it in: `sin_port` by htons, `s_addr` by htonl or inet_addr. ip(7) */
export interface sockaddr_in {
  /** AF_INET */
  sin_family: number
  /** In the order of the network. */
  sin_port: number
  sin_addr: { s_addr: number }
}

/** A `SocketAddress`, or only what tells it apart: a numeric host and a port, or a path; or C's struct for IPv4. */
export type AddressArgument = SocketAddress | { host: string; port: number } | { path: string } | sockaddr_in

/** sun_path of unix(7), without the byte that ends it. */
const MAX_PATH_BYTES = 107

function unixAddress(path: unknown): SocketAddress {
  if (typeof path !== 'string') refuse('address.path', 'a string', path)
  const bytes = Buffer.byteLength(path)
  if (bytes > MAX_PATH_BYTES)
    throw new RangeError(`address.path: expected at most ${MAX_PATH_BYTES} bytes, got ${bytes}`)
  if (path.includes('\0') && !path.startsWith('\0'))
    throw new RangeError('address.path: expected no null byte but a leading one')
  return { family: 'unix', path }
}

function fromSockaddrIn({ sin_family, sin_port, sin_addr }: sockaddr_in): SocketAddress {
  if (sin_family !== AF_INET) refuse('address.sin_family', `AF_INET (${AF_INET})`, sin_family)
  if (!Number.isInteger(sin_port) || sin_port < 0 || sin_port > 0xffff)
    refuse('address.sin_port', '0 to 65535', sin_port)
  struct('address.sin_addr', sin_addr)
  uint('address.sin_addr.s_addr', sin_addr.s_addr)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(sin_addr.s_addr)
  return { family: 'IPv4', address: bytes.join('.'), port: ((sin_port & 0xff) << 8) | (sin_port >>> 8) }
}

/**
 * The complete address.
 *
 * @throws {TypeError} for another shape, or a host that is not numeric
 * @throws {RangeError} for a port outside 0 to 65535, or a path that is too long
 */
export function addressArgument(given: AddressArgument): SocketAddress {
  struct('address', given)
  if ('path' in given) return unixAddress(given.path)
  if ('sin_family' in given) return fromSockaddrIn(given)
  const host = 'host' in given ? given.host : given.address
  const { port } = given
  if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse('address.port', '0 to 65535', port)
  if (typeof host === 'string' && isIPv4(host)) return { family: 'IPv4', address: host, port }
  if (typeof host === 'string' && isIPv6(host) && !host.includes('%')) return { family: 'IPv6', address: host, port }
  return refuse('address.host', 'a numeric IPv4 or IPv6 address', String(host))
}
