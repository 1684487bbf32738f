/** send, recv, sendto, recvfrom: reading and writing sockets with flags. */
import { decodeSockaddr, encodeSockaddr } from '../libc/address.js'
import type { BlockingFd, FdArgument } from '../libc/brand.js'
import { MSG_DONTWAIT, type MSG_NOSIGNAL } from '../libc/constants.js'
import { c } from '../libc/ffi.js'
import { type MSG_MORE, MSG_OOB, type MSG_PEEK, type MSG_WAITALL } from '../libc/io-constants.js'
import { type AddressArgument, addressArgument } from './arguments/address.js'
import { bytes, int, memory, noMore, struct } from './arguments/check.js'
import { caught } from './handlers/caught-signals.js'
import { receiveInterruptibly } from './handlers/interrupted-receive.js'
import { writeInterruptibly } from './handlers/interrupted-write.js'
import { unlessWaiting } from './handlers/without-waiting.js'
import { ready } from './outcome.js'
import type { AddressResult } from './sockets.js'

const sendtoRaw: (
  fd: number,
  buffer: Uint8Array,
  length: number,
  flags: number,
  address: Buffer | null,
  addressLength: number,
) => number = c('long sendto(int fd, void *buf, size_t len, int flags, void *addr, uint32_t addrlen)')
const recvfromRaw: (
  fd: number,
  buffer: Uint8Array,
  length: number,
  flags: number,
  address: Buffer | null,
  addressLength: Int32Array | null,
) => number = c('long recvfrom(int fd, void *buf, size_t len, int flags, void *addr, void *addrlen)')

/** Flags of which none is MSG_DONTWAIT; `|` makes a number of them. */
type WaitingFlag = 0 | typeof MSG_NOSIGNAL | typeof MSG_PEEK | typeof MSG_WAITALL | typeof MSG_OOB | typeof MSG_MORE

const name = Buffer.alloc(128)
const nameLength = new Int32Array(1)

/** send and sendto: with handlers installed first without waiting, which says what is refused. */
export function transmit(
  syscall: string,
  fd: FdArgument,
  buffer: Uint8Array,
  flags: number,
  to: Buffer | null,
): number | undefined {
  const length = to?.length ?? 0
  const attempt = (part: Uint8Array): number => sendtoRaw(fd, part, part.length, flags, to, length)
  if (!caught.any || flags & MSG_DONTWAIT) return ready(attempt(buffer), syscall, fd)
  return writeInterruptibly(syscall, fd, buffer, attempt, (part) =>
    unlessWaiting(sendtoRaw(fd, part, part.length, flags | MSG_DONTWAIT, to, length)),
  )
}

/**
 * Sends on a connected socket; may send fewer bytes. Text is sent as UTF-8. send(2)
 *
 * @param flags MSG_NOSIGNAL, MSG_DONTWAIT, MSG_OOB, MSG_MORE, MSG_EOR
 * @returns the bytes sent; `undefined` when it takes none now (EAGAIN)
 * @throws {PosixError} EPIPE, ECONNRESET, ENOTCONN, EMSGSIZE, EINTR, …
 */
export function send(fd: BlockingFd, data: Uint8Array | string, flags?: WaitingFlag): number
export function send(fd: FdArgument, data: Uint8Array | string, flags?: number): number | undefined
export function send(fd: FdArgument, data: Uint8Array | string, flags = 0, more?: unknown): number | undefined {
  noMore(more, 'send(fd, data, flags?); to send less, data.subarray(0, count)')
  int('fd', fd)
  int('flags', flags)
  const buffer = bytes('data', data)
  return transmit('send', fd, buffer, flags, null)
}

/** recv(2) as it is. */
export const receiveRaw =
  (fd: FdArgument) =>
  (part: Uint8Array, flags: number): number =>
    recvfromRaw(fd, part, part.length, flags, null, null)

/**
 * Receives into `buffer`. recv(2)
 *
 * @param flags MSG_PEEK (the bytes stay), MSG_DONTWAIT, MSG_OOB, MSG_WAITALL, MSG_TRUNC (tells a datagram's whole length)
 * @returns the bytes received; `0` when the other end has shut down; `undefined` for EAGAIN
 * @throws {PosixError} ECONNRESET, ENOTCONN, EINVAL (MSG_OOB without such a byte), EINTR, …
 */
export function recv(fd: BlockingFd, buffer: Uint8Array, flags?: WaitingFlag): number
export function recv(fd: FdArgument, buffer: Uint8Array, flags?: number): number | undefined
export function recv(fd: FdArgument, buffer: Uint8Array, flags = 0, more?: unknown): number | undefined {
  noMore(more, 'recv(fd, buffer, flags?); to receive less, buffer.subarray(0, count)')
  int('fd', fd)
  int('flags', flags)
  memory('buffer', buffer)
  const attempt = receiveRaw(fd)
  const waits = caught.any && !(flags & (MSG_DONTWAIT | MSG_OOB))
  return ready(waits ? receiveInterruptibly('recv', fd, buffer, flags, attempt) : attempt(buffer, flags), 'recv', fd)
}

/**
 * Sends to an address. sendto(2)
 *
 * @param flags as for `send`
 * @returns as `send`
 * @throws {PosixError} as `send`, and EISCONN, EDESTADDRREQ, ECONNREFUSED, …
 */
export function sendto(
  fd: FdArgument,
  data: Uint8Array | string,
  flags: number,
  address: AddressArgument,
): number | undefined
export function sendto(
  fd: FdArgument,
  data: Uint8Array | string,
  flags: number,
  address: AddressArgument,
  more?: unknown,
): number | undefined {
  noMore(more, 'sendto(fd, data, flags, address)')
  int('fd', fd)
  int('flags', flags)
  const buffer = bytes('data', data)
  const encoded = encodeSockaddr(addressArgument(address))
  return transmit('sendto', fd, buffer, flags, encoded)
}

/**
 * Receives, and tells from whom. recvfrom(2)
 *
 * @param flags as for `recv`
 * @param from its `address` is set to the sender's; left alone where the protocol gives none
 * @returns as `recv`
 * @throws {PosixError} as `recv`
 */
export function recvfrom(fd: FdArgument, buffer: Uint8Array, flags: number, from?: AddressResult): number | undefined
export function recvfrom(
  fd: FdArgument,
  buffer: Uint8Array,
  flags: number,
  from?: AddressResult,
  more?: unknown,
): number | undefined {
  noMore(more, 'recvfrom(fd, buffer, flags, from?), which sets from.address')
  int('fd', fd)
  int('flags', flags)
  memory('buffer', buffer)
  if (from !== undefined) struct('from', from)
  const attempt = (part: Uint8Array, how: number): number => {
    nameLength[0] = name.length
    return recvfromRaw(fd, part, part.length, how, name, nameLength)
  }
  const waits = caught.any && !(flags & (MSG_DONTWAIT | MSG_OOB))
  const taken = ready(
    waits ? receiveInterruptibly('recvfrom', fd, buffer, flags, attempt) : attempt(buffer, flags),
    'recvfrom',
    fd,
  )
  if (taken !== undefined && from !== undefined && (nameLength[0] as number) > 0)
    from.address = decodeSockaddr(name, nameLength[0] as number)
  return taken
}
