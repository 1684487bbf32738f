/** Where a client connects to: what a user types, and what a program gives. Pure; nothing is looked up. */
import { isIP } from 'node:net'
import { formatAddress, parseAddress, type SocketAddress } from '../libc/address.js'
import { addressHint } from '../libc/address-hint.js'

/** `127.0.0.1:9190`, `[::1]:9190`, `example.org:80`, `9190` for this machine, `unix:/run/x.sock`; or the same in parts. */
export type Target = string | { host?: string; port: number } | { path: string }

/** A host whose addresses are still to be found. */
export interface NamedAddress {
  family: 'name'
  host: string
  port: number
}

export type Destination = SocketAddress | NamedAddress

/** As a user would type it. */
export const formatDestination = (destination: Destination): string =>
  destination.family === 'name' ? `${destination.host}:${destination.port}` : formatAddress(destination)

/**
 * Understands a target. `localhost` is a name as any other: it may have an IPv6 address and an IPv4 one.
 *
 * @throws {TypeError} when it has another shape
 * @throws {RangeError} for a port outside 1 to 65535, or a path longer than 107 bytes
 */
export function parseTarget(target: Target): Destination {
  if (typeof target === 'string') return parseText(target)
  if (typeof target !== 'object' || target === null)
    throw new TypeError(`target: expected an address as text, { host, port } or { path }, got ${String(target)}`)
  if ('path' in target) return parseAddress(`unix:${target.path}`)
  const { host = '127.0.0.1', port } = target
  if (typeof host !== 'string') throw new TypeError(`host: expected a name or an address, got ${String(host)}`)
  if (typeof port !== 'number')
    throw new TypeError(`port: expected a whole number, got ${String(port)} (${typeof port})`)
  return hostAndPort(host, port)
}

function parseText(text: string): Destination {
  if (text.startsWith('unix:')) return parseAddress(text)
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]\s]+)):)?(\d+)$/.exec(text)
  if (match === null || (match[1] !== undefined && isIP(match[1]) !== 6))
    throw new TypeError(
      `address: expected HOST:PORT, [IPv6]:PORT, PORT or unix:PATH, got ${JSON.stringify(text)}${addressHint(text, false)}`,
    )
  return hostAndPort(match[1] ?? match[2] ?? '127.0.0.1', Number(match[3]))
}

function hostAndPort(host: string, port: number): Destination {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RangeError(`port: expected 1 to 65535, got ${port}`)
  if (host === '' || /[\s%*]/.test(host))
    throw new TypeError(
      `host: expected a name or an address without a zone, got ${JSON.stringify(host)}${host === '*' ? `; did you mean 127.0.0.1:${port}?` : ''}`,
    )
  const version = isIP(host)
  if (version === 0) return { family: 'name', host, port }
  return { family: version === 4 ? 'IPv4' : 'IPv6', address: host, port }
}
