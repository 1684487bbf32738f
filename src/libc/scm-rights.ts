/** Passing a descriptor to another process: sendmsg(2) and recvmsg(2) with SCM_RIGHTS, unix(7). */

import { EAGAIN, EINTR, MSG_DONTWAIT, MSG_NOSIGNAL, SCM_RIGHTS, SOL_SOCKET } from './constants.js'
import { addressOf, lastErrno } from './ffi.js'
import { MSG_PEEK } from './io-constants.js'
import { PosixError } from './posix-error.js'
import { recvmsgRaw, sendmsgRaw } from './raw.js'

const MSG_CMSG_CLOEXEC = 0x40000000
/** CMSG_SPACE(sizeof(int)) on 64-bit Linux: a 16-byte header, the int, padding. */
const CONTROL_BYTES = 24

/** A struct msghdr with one iovec and room for one descriptor; the parts are kept referenced together. */
class Message {
  readonly control = Buffer.alloc(CONTROL_BYTES)
  readonly header = Buffer.alloc(56)
  readonly #vector = Buffer.alloc(16)

  constructor(readonly data: Buffer) {
    this.#vector.writeBigUInt64LE(addressOf(data), 0)
    this.#vector.writeBigUInt64LE(BigInt(data.length), 8)
    this.header.writeBigUInt64LE(addressOf(this.#vector), 16) // msg_iov
    this.header.writeBigUInt64LE(1n, 24) // msg_iovlen
    this.header.writeBigUInt64LE(addressOf(this.control), 32) // msg_control
    this.header.writeBigUInt64LE(BigInt(CONTROL_BYTES), 40) // msg_controllen
  }
}

/**
 * Sends `data` with a descriptor attached; the receiver gets its own copy of it. Does not wait.
 *
 * @returns false when the socket takes nothing now
 * @throws {PosixError} ETOOMANYREFS (too many descriptors are on the way), ENOBUFS, ENOMEM, EPIPE
 */
export function sendDescriptor(socket: number, data: Buffer, descriptor: number): boolean {
  const message = new Message(data)
  message.control.writeBigUInt64LE(20n, 0) // cmsg_len
  message.control.writeInt32LE(SOL_SOCKET, 8)
  message.control.writeInt32LE(SCM_RIGHTS, 12)
  message.control.writeInt32LE(descriptor, 16)
  for (;;) {
    if (sendmsgRaw(socket, message.header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true
    const errno = lastErrno()
    if (errno === EAGAIN) return false
    if (errno !== EINTR) throw new PosixError(errno, 'sendmsg', { fd: socket })
  }
}

/** What `receiveDescriptor` got; `descriptor` is undefined when the sender attached none. */
export interface Received {
  data: Buffer
  descriptor: number | undefined
}

/** Takes one message and its descriptor without waiting; `undefined` when none is there or the other end is closed. */
export const receiveDescriptor = (socket: number, maxBytes: number): Received | undefined =>
  receive(socket, maxBytes, 0)

/** The same, but leaves them for another: both have the descriptor then. */
export const peekDescriptor = (socket: number, maxBytes: number): Received | undefined =>
  receive(socket, maxBytes, MSG_PEEK)

function receive(socket: number, maxBytes: number, flags: number): Received | undefined {
  const message = new Message(Buffer.alloc(maxBytes))
  for (;;) {
    const bytes = recvmsgRaw(socket, message.header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | flags)
    if (bytes > 0) {
      const attached = message.header.readBigUInt64LE(40) >= 20n && message.control.readInt32LE(12) === SCM_RIGHTS
      return {
        data: message.data.subarray(0, bytes),
        descriptor: attached ? message.control.readInt32LE(16) : undefined,
      }
    }
    if (bytes === 0) return undefined
    const errno = lastErrno()
    if (errno === EAGAIN) return undefined
    if (errno !== EINTR) throw new PosixError(errno, 'recvmsg', { fd: socket })
  }
}

/** What sending one calls. */
export const hotInSending: readonly ((...values: never[]) => unknown)[] = [sendDescriptor, addressOf]
