/** getsockopt and setsockopt. socket(7), tcp(7), ipv6(7) */
import { isIPv4 } from 'node:net'
import type { FdArgument } from '../libc/brand.js'
import { SO_LINGER, SOL_SOCKET } from '../libc/constants.js'
import { IPPROTO_IP, SO_PEERCRED, SO_RCVTIMEO, SO_SNDTIMEO } from '../libc/io-constants.js'
import { decodeLinger, decodeUcred, encodeLinger, type linger, type ucred } from '../libc/layout/options.js'
import { decodeTimeval, encodeTimeval, TIMEVAL_BYTES, type timeval } from '../libc/layout/time.js'
import { check } from '../libc/posix-error.js'
import { IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP } from '../libc/program-constants.js'
import { getsockoptRaw, setsockoptRaw } from '../libc/raw.js'
import { int, long, noMore, refuse, struct } from './arguments/check.js'

/** How long a blocking call waits. */
type TimeOption = typeof SO_RCVTIMEO | typeof SO_SNDTIMEO

const isTime = (level: number, name: number): boolean =>
  level === SOL_SOCKET && (name === SO_RCVTIMEO || name === SO_SNDTIMEO)

function lingerBytes(value: linger): Uint8Array {
  struct('value', value)
  int('value.l_onoff', value.l_onoff)
  int('value.l_linger', value.l_linger)
  return encodeLinger(value)
}

function timeBytes(value: timeval): Uint8Array {
  struct('value', value)
  long('value.tv_sec', value.tv_sec)
  long('value.tv_usec', value.tv_usec)
  const encoded = new Uint8Array(TIMEVAL_BYTES)
  encodeTimeval(value, new DataView(encoded.buffer))
  return encoded
}

function intBytes(value: number | boolean): Uint8Array {
  const number = typeof value === 'boolean' ? Number(value) : value
  int('value', number)
  return new Uint8Array(Int32Array.of(number).buffer)
}

/** struct ip_mreq: a group, and the address of the interface through which its datagrams come. ip(7) */
export interface ip_mreq {
  /** 224.0.0.0 to 239.255.255.255 */
  imr_multiaddr: string
  /** @default '0.0.0.0', one that the kernel chooses */
  imr_interface?: string
}

type MembershipOption = typeof IP_ADD_MEMBERSHIP | typeof IP_DROP_MEMBERSHIP

function groupBytes(value: ip_mreq): Uint8Array {
  struct('value', value)
  const { imr_multiaddr, imr_interface = '0.0.0.0' } = value
  for (const [name, text] of Object.entries({ imr_multiaddr, imr_interface }))
    if (typeof text !== 'string' || !isIPv4(text)) refuse(`value.${name}`, 'an IPv4 address', text)
  return Uint8Array.from(`${imr_multiaddr}.${imr_interface}`.split('.').map(Number))
}

/**
 * Sets an option of a socket. setsockopt(2)
 *
 * @param value an integer or boolean; for SO_LINGER a `linger`, for SO_RCVTIMEO and SO_SNDTIMEO a `timeval`, for IP_ADD_MEMBERSHIP and
 *   IP_DROP_MEMBERSHIP an `ip_mreq`
 * @throws {PosixError} ENOPROTOOPT, EINVAL, EDOM, EBADF, ENOTSOCK
 */
export function setsockopt(fd: FdArgument, level: typeof SOL_SOCKET, name: typeof SO_LINGER, value: linger): void
export function setsockopt(fd: FdArgument, level: typeof SOL_SOCKET, name: TimeOption, value: timeval): void
export function setsockopt(fd: FdArgument, level: typeof IPPROTO_IP, name: MembershipOption, value: ip_mreq): void
export function setsockopt(fd: FdArgument, level: number, name: number, value: number | boolean): void
export function setsockopt(
  fd: FdArgument,
  level: number,
  name: number,
  value: number | boolean | linger | timeval | ip_mreq,
  more?: unknown,
): void {
  noMore(more, 'setsockopt(fd, level, name, value)')
  int('fd', fd)
  int('level', level)
  int('name', name)
  let encoded: Uint8Array
  if (level === SOL_SOCKET && name === SO_LINGER) encoded = lingerBytes(value as linger)
  else if (level === IPPROTO_IP && (name === IP_ADD_MEMBERSHIP || name === IP_DROP_MEMBERSHIP))
    encoded = groupBytes(value as ip_mreq)
  else encoded = isTime(level, name) ? timeBytes(value as timeval) : intBytes(value as number | boolean)
  check(setsockoptRaw(fd, level, name, encoded, encoded.length), 'setsockopt', { fd })
}

/** More than any option's value has: a longer one would be cut. */
const room = Buffer.alloc(1024)
const roomLength = new Int32Array(1)

/**
 * Asks for an option of a socket. getsockopt(2)
 *
 * @returns an integer; for SO_LINGER a `linger`, for SO_RCVTIMEO and SO_SNDTIMEO a `timeval`, for SO_PEERCRED a `ucred`
 * @throws {PosixError} ENOPROTOOPT, EBADF, ENOTSOCK
 */
export function getsockopt(fd: FdArgument, level: typeof SOL_SOCKET, name: typeof SO_LINGER): linger
export function getsockopt(fd: FdArgument, level: typeof SOL_SOCKET, name: TimeOption): timeval
export function getsockopt(fd: FdArgument, level: typeof SOL_SOCKET, name: typeof SO_PEERCRED): ucred
export function getsockopt(fd: FdArgument, level: number, name: number): number
export function getsockopt(
  fd: FdArgument,
  level: number,
  name: number,
  more?: unknown,
): number | linger | timeval | ucred {
  noMore(more, 'getsockopt(fd, level, name), which gives the value')
  int('fd', fd)
  int('level', level)
  int('name', name)
  roomLength[0] = room.length
  room.writeInt32LE(0) // some options have one byte
  check(getsockoptRaw(fd, level, name, room, roomLength), 'getsockopt', { fd })
  if (isTime(level, name)) return decodeTimeval(new DataView(room.buffer, room.byteOffset))
  if (level === SOL_SOCKET && name === SO_LINGER) return decodeLinger(room)
  if (level === SOL_SOCKET && name === SO_PEERCRED) return decodeUcred(room)
  return room.readInt32LE(0)
}
