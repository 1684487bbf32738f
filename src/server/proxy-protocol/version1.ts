/** Version 1 of the PROXY protocol, a line of text: section 2.1 of its specification. */
import { isIPv4, isIPv6 } from 'node:net'
import { decodeSockaddr, encodeSockaddr, type SocketAddress } from '../../libc/address.js'
import { ProxyHeaderError } from './header-error.js'
import type { Relayed } from './relayed.js'

export const PREFIX = Buffer.from('PROXY ')
/** The longest line there is, its end included. */
const LINE_BYTES = 107
const NEWLINE = 10
const MOST_PORT = 65_535

/** What follows UNKNOWN is to be ignored. */
const UNKNOWN = /^PROXY UNKNOWN(?: [^\r\n]*)?\r\n$/
/** Numbers are without zeros before them. */
const KNOWN = /^PROXY (TCP4|TCP6) ([^ \r\n]+) ([^ \r\n]+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})\r\n$/

/** How long the line is that `bytes` begin with; undefined as long as its end has not come. @throws {ProxyHeaderError} none comes */
export function version1Bytes(bytes: Buffer): number | undefined {
  const end = bytes.subarray(0, LINE_BYTES).indexOf(NEWLINE)
  if (end >= 0) return end + 1
  if (bytes.length < LINE_BYTES) return undefined
  throw new ProxyHeaderError(`version 1: expected an end of line within ${LINE_BYTES} bytes, got ${shown(bytes)}`)
}

/** @param header the line with its end @throws {ProxyHeaderError} */
export function parseVersion1(header: Buffer): Relayed | undefined {
  const line = header.toString('latin1')
  if (UNKNOWN.test(line)) return undefined
  const [, family = '', source = '', destination = '', from = '', to = ''] = KNOWN.exec(line) ?? []
  if (family === '')
    throw new ProxyHeaderError(
      `version 1: expected TCP4, TCP6 or UNKNOWN, two addresses and ports, got ${shown(header)}`,
    )
  return { source: addressOf(family, source, from, header), destination: addressOf(family, destination, to, header) }
}

function addressOf(family: string, address: string, digits: string, header: Buffer): SocketAddress {
  const port = Number(digits)
  const isOne = family === 'TCP4' ? isIPv4(address) : isIPv6(address) && !address.includes('%')
  if (!isOne || port > MOST_PORT)
    throw new ProxyHeaderError(
      `version 1: expected addresses of ${family} and ports up to ${MOST_PORT}, got ${shown(header)}`,
    )
  const sockaddr = encodeSockaddr({ family: family === 'TCP4' ? 'IPv4' : 'IPv6', address, port })
  // in the form that all addresses have, however the proxy writes them
  return decodeSockaddr(sockaddr, sockaddr.length)
}

const shown = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1', 0, LINE_BYTES))
