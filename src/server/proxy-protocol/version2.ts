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

/** Of the two addresses, by family and transport: an address's family and bytes. Others are to be refused. */
const FAMILIES = new Map<number, readonly [family: number, bytes: number]>([
  [0x11, [AF_INET, 4]],
  [0x12, [AF_INET, 4]],
  [0x21, [AF_INET6, 16]],
  [0x22, [AF_INET6, 16]],
  [0x31, [AF_UNIX, UNIX_BYTES]],
  [0x32, [AF_UNIX, UNIX_BYTES]],
])
const UNSPECIFIED = 0x00

/** How long the header is that `bytes` begin with; undefined as long as that has not come. */
export const version2Bytes = (bytes: Buffer): number | undefined =>
  bytes.length < FIXED_BYTES ? undefined : FIXED_BYTES + bytes.readUInt16BE(LENGTH_AT)

/** What follows the addresses (TLVs) is not looked at. @throws {ProxyHeaderError} */
export function parseVersion2(header: Buffer): Relayed | undefined {
  const command = header[VERSION_AT] as number
  // whatever else it says is to be ignored
  if (command === LOCAL) return undefined
  if (command !== PROXY)
    throw new ProxyHeaderError(`version 2: expected LOCAL (0x20) or PROXY (0x21), got ${hex(command)}`)
  const kind = header[FAMILY_AT] as number
  if (kind === UNSPECIFIED) return undefined
  const [family, bytes] = FAMILIES.get(kind) ?? []
  if (family === undefined || bytes === undefined)
    throw new ProxyHeaderError(`version 2: expected TCP, UDP or a unix socket (0x11 to 0x32), got ${hex(kind)}`)
  const needed = 2 * (bytes + (family === AF_UNIX ? 0 : PORT_BYTES))
  const length = header.length - FIXED_BYTES
  if (length < needed) throw new ProxyHeaderError(`version 2: expected ${needed} bytes of addresses, got ${length}`)
  const end = (which: number): SocketAddress =>
    family === AF_UNIX ? unixAddress(header, which) : internetAddress(header, family, bytes, which)
  return { source: end(0), destination: end(1) }
}

/** @param which 0 for the source, 1 for the destination */
function internetAddress(header: Buffer, family: number, bytes: number, which: number): SocketAddress {
  const sockaddr = Buffer.alloc(family === AF_INET ? 16 : 28)
  const port = FIXED_BYTES + 2 * bytes + PORT_BYTES * which
  const address = FIXED_BYTES + bytes * which
  sockaddr.writeUInt16LE(family, 0)
  header.copy(sockaddr, 2, port, port + PORT_BYTES)
  header.copy(sockaddr, family === AF_INET ? 4 : 8, address, address + bytes)
  return decodeSockaddr(sockaddr, sockaddr.length)
}

function unixAddress(header: Buffer, which: number): SocketAddress {
  const at = FIXED_BYTES + UNIX_BYTES * which
  let length = UNIX_BYTES
  // what is left of its place is zeros, which an abstract name would else end with
  while (length > 0 && header[at + length - 1] === 0) length--
  const sockaddr = Buffer.alloc(2 + length)
  sockaddr.writeUInt16LE(AF_UNIX, 0)
  header.copy(sockaddr, 2, at, at + length)
  return decodeSockaddr(sockaddr, sockaddr.length)
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`
