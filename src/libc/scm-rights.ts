/** Passing a descriptor to another process: sendmsg(2) and recvmsg(2) with SCM_RIGHTS, unix(7). */

import { EAGAIN, EINTR, MSG_DONTWAIT, MSG_NOSIGNAL, SCM_RIGHTS, SOL_SOCKET } from './constants.js'
import { addressOf, fixedAddress, lastErrno } from './ffi.js'
import { MSG_PEEK } from './io-constants.js'
import { PosixError } from './posix-error.js'
import { recvmsgRaw, sendmsgRaw } from './raw.js'

const MSG_CMSG_CLOEXEC = 0x40000000
/** CMSG_SPACE(sizeof(int)) on 64-bit Linux: a 16-byte header, the int, padding. */
const CONTROL_BYTES = 24
const HEADER_BYTES = 56
const VECTOR_BYTES = 16
/** Where they are, in words of 32 bits. */
const IOV_LEN = 2
const CONTROL_LEN = 10
const CMSG_LEN = 0
const CMSG_LEVEL = 2
const CMSG_TYPE = 3
const CMSG_DATA = 4

/** A struct msghdr with one iovec and room for one descriptor; the parts are kept referenced together. Whoever sends or receives many has one. */
export class DescriptorMessage {
  readonly data: Buffer
  /** What came attached to the message that was received last; undefined for nothing. */
  descriptor: number | undefined
  // of their own, so that they do not move
  readonly #control = new Int32Array(new ArrayBuffer(CONTROL_BYTES))
  readonly #header = new Int32Array(new ArrayBuffer(HEADER_BYTES))
  readonly #vector = new Int32Array(new ArrayBuffer(VECTOR_BYTES))
  readonly #message = new Uint8Array(this.#header.buffer)

  constructor(data: Buffer) {
    this.data = data
    this.descriptor = undefined
    const put = (target: Int32Array, at: number, value: bigint): void =>
      new DataView(target.buffer).setBigUint64(at, value, true)
    put(this.#vector, 0, addressOf(data))
    put(this.#header, 16, BigInt(fixedAddress(this.#vector))) // msg_iov
    put(this.#header, 24, 1n) // msg_iovlen
    put(this.#header, 32, BigInt(fixedAddress(this.#control))) // msg_control
    put(this.#header, 40, BigInt(CONTROL_BYTES)) // msg_controllen
  }

  /**
   * Sends the first `length` bytes with a descriptor attached. Does not wait.
   *
   * @returns false when the socket takes nothing now
   * @throws {PosixError} ETOOMANYREFS (too many descriptors are on the way), ENOBUFS, ENOMEM, EPIPE
   */
  send(socket: number, length: number, descriptor: number): boolean {
    this.#vector[IOV_LEN] = length
    const control = this.#control
    control[CMSG_LEN] = 20
    control[CMSG_LEVEL] = SOL_SOCKET
    control[CMSG_TYPE] = SCM_RIGHTS
    control[CMSG_DATA] = descriptor
    for (;;) {
      if (sendmsgRaw(socket, this.#message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true
      const errno = lastErrno()
      if (errno === EAGAIN) return false
      if (errno !== EINTR) throw new PosixError(errno, 'sendmsg', { fd: socket })
    }
  }

  /**
   * Takes a message without waiting, and what is attached to it.
   *
   * @returns its bytes; `undefined` when none is there or the other end is closed
   */
  receive(socket: number, flags = 0): number | undefined {
    this.#vector[IOV_LEN] = this.data.length
    this.#header[CONTROL_LEN] = CONTROL_BYTES
    for (;;) {
      const bytes = recvmsgRaw(socket, this.#message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | flags)
      if (bytes > 0) {
        const attached = (this.#header[CONTROL_LEN] as number) >= 20 && this.#control[CMSG_TYPE] === SCM_RIGHTS
        this.descriptor = attached ? this.#control[CMSG_DATA] : undefined
        return bytes
      }
      if (bytes === 0) return undefined
      const errno = lastErrno()
      if (errno === EAGAIN) return undefined
      if (errno !== EINTR) throw new PosixError(errno, 'recvmsg', { fd: socket })
    }
  }
}

/** `DescriptorMessage.send` for whoever sends one. */
export const sendDescriptor = (socket: number, data: Buffer, descriptor: number): boolean =>
  new DescriptorMessage(data).send(socket, data.length, descriptor)

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
  const message = new DescriptorMessage(Buffer.alloc(maxBytes))
  const bytes = message.receive(socket, flags)
  return bytes === undefined ? undefined : { data: message.data.subarray(0, bytes), descriptor: message.descriptor }
}

/** What sending one calls. */
export const hotInSending: readonly ((...values: never[]) => unknown)[] = [sendDescriptor, addressOf]
