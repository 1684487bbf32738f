/** Version 2 of the PROXY protocol, binary: section 2.2 of its specification. */
import { decodeSockaddr, type SocketAddress } from '../../libc/address.js'
import { AF_INET, AF_INET6, AF_UNIX } from '../../libc/constants.js'
import { ProxyHeaderError } from './header-error.js'
import type { Relayed } from './relayed.js'

export const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n')
/** The signature, version and command, family and transport, and how many bytes follow. */
const FIXED_BYTES = 16
const VERSION_AT = 12
const FAMILY_AT = 13
const LENGTH_AT = 14
const LOCAL = 0x20
const PROXY = 0x21
const PORT_BYTES = 2
const UNIX_BYTES = 108

/** Family and transport: of TCP, UDP and unix sockets. Others are to be refused. */
const UNSPECIFIED = 0x00
const KNOWN = [0x11, 0x12, 0x21, 0x22, 0x31, 0x32]
/** By the family of the header. */
const FAMILIES = [0, AF_INET, AF_INET6, AF_UNIX] as const
const ADDRESS_BYTES = [0, 4, 16, UNIX_BYTES] as const

/** Made once: a process that is freshly forked copies pages for each Buffer that it makes. */
const sockaddr = Buffer.alloc(2 + UNIX_BYTES)

/** How long the header is that `bytes` begin with; undefined as long as that has not come. */
export const version2Bytes = (bytes: Buffer): number | undefined =>
  bytes.length < FIXED_BYTES
    ? undefined
    : FIXED_BYTES + ((bytes[LENGTH_AT] as number) << 8) + (bytes[LENGTH_AT + 1] as number)

/** What follows the addresses (TLVs) is not looked at. @throws {ProxyHeaderError} */
export function parseVersion2(header: Buffer): Relayed | undefined {
  const command = header[VERSION_AT] as number
  // whatever else it says is to be ignored
  if (command === LOCAL) return undefined
  if (command !== PROXY)
    throw new ProxyHeaderError(`version 2: expected LOCAL (0x20) or PROXY (0x21), got ${hex(command)}`)
  const kind = header[FAMILY_AT] as number
  if (kind === UNSPECIFIED) return undefined
  if (!KNOWN.includes(kind))
    throw new ProxyHeaderError(`version 2: expected TCP, UDP or a unix socket (0x11 to 0x32), got ${hex(kind)}`)
  const which = kind >> 4
  const bytes = ADDRESS_BYTES[which] as number
  const needed = 2 * (bytes + (bytes === UNIX_BYTES ? 0 : PORT_BYTES))
  const length = header.length - FIXED_BYTES
  if (length < needed) throw new ProxyHeaderError(`version 2: expected ${needed} bytes of addresses, got ${length}`)
  const family = FAMILIES[which] as number
  return { source: addressIn(header, family, bytes, 0), destination: addressIn(header, family, bytes, 1) }
}

/** @param place 0 for the source, 1 for the destination */
function addressIn(header: Buffer, family: number, bytes: number, place: number): SocketAddress {
  const at = FIXED_BYTES + bytes * place
  sockaddr[0] = family
  if (family === AF_UNIX) return unixAddress(header, at)
  const port = FIXED_BYTES + 2 * bytes + PORT_BYTES * place
  const target = family === AF_INET ? 4 : 8
  for (let index = 0; index < PORT_BYTES; index++) sockaddr[2 + index] = header[port + index] as number
  for (let index = 0; index < bytes; index++) sockaddr[target + index] = header[at + index] as number
  return decodeSockaddr(sockaddr, target + bytes)
}

function unixAddress(header: Buffer, at: number): SocketAddress {
  let length: number = UNIX_BYTES
  // what is left of its place is zeros, which an abstract name would else end with
  while (length > 0 && header[at + length - 1] === 0) length--
  header.copy(sockaddr, 2, at, at + length)
  return decodeSockaddr(sockaddr, 2 + length)
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`

/** What runs for a client of IPv4, named for src/speed. */
export const hot = [version2Bytes, parseVersion2, addressIn]
