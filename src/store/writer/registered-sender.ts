/** The writer's book of one connection, and its end of the socket between them. */
import { ECONNRESET, EPIPE } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { fixedAddress } from '../../libc/ffi.js'
import { PosixError } from '../../libc/posix-error.js'
import { recvNow, sendNow, sendNowAt } from '../../libc/stream.js'
import { ACK_BYTES, encodeDetailed, writeAck } from '../wire.js'
import { Inbox } from './inbox.js'
import type { Told } from './telling.js'

const acks = Buffer.allocUnsafeSlow(2 * ACK_BYTES)
const acksAddress = fixedAddress(acks)

const isGone = (error: unknown): boolean =>
  error instanceof PosixError && (error.errno === -ECONNRESET || error.errno === -EPIPE)

export class RegisteredSender implements Told {
  readonly inbox: Inbox
  /** Undefined once it is closed. */
  #socket: number | undefined
  /** Of the batch under way: the last message that is stored, and the last one that is not. */
  #storedThrough = 0
  #failedThrough = 0
  /** Of those on disk, if it wants to know. */
  readonly #sequences: number[] | undefined

  /**
   * @param acknowledged messages whose fate it knows
   * @param stored messages on disk already, by an earlier writer
   */
  constructor(
    readonly connection: number,
    readonly pid: number,
    readonly name: string,
    readonly peer: string,
    socket: number,
    acknowledged: number,
    stored: number,
    maxMessageBytes: number,
    wantsSequences: boolean,
  ) {
    this.#sequences = wantsSequences ? [] : undefined
    this.#socket = socket
    this.inbox = new Inbox(acknowledged, stored, maxMessageBytes)
    if (stored > acknowledged) this.#storedThrough = stored
  }

  get socket(): number | undefined {
    return this.#socket
  }

  /**
   * Takes a packet.
   *
   * @returns its bytes, `0` at the end, `undefined` when none has come
   */
  receive(address: number, count: number): number | undefined {
    if (this.#socket === undefined) return undefined
    for (;;)
      try {
        return recvNow(this.#socket, address, count)
      } catch (error) {
        // what it has not read of ours: what it sent is still there. unix(7)
        if (isGone(error)) continue
        if (error instanceof PosixError) return 0
        throw error
      }
  }

  stored(number: number, sequence: number | undefined): void {
    this.#storedThrough = number
    if (sequence !== undefined) this.#sequences?.push(sequence)
  }

  failed(number: number): void {
    this.#failedThrough = number
  }

  /** Tells the connection what became of its messages. Returns false when there is no room: one that keeps to its window has some. */
  acknowledge(errno: number, atMs: number, reached: number): boolean {
    const told = this.#tellSequences(atMs, reached)
    let length = 0
    if (this.#storedThrough > 0) length = writeAck(acks, length, this.#storedThrough, 0, reached)
    if (this.#failedThrough > 0) length = writeAck(acks, length, this.#failedThrough, errno)
    this.#storedThrough = 0
    this.#failedThrough = 0
    if (!told) return false
    if (this.#socket === undefined || length === 0) return true
    try {
      return sendNowAt(this.#socket, acksAddress, length) === length
    } catch (error) {
      if (!isGone(error)) throw error
      return true
    }
  }

  #tellSequences(atMs: number, reached: number): boolean {
    const sequences = this.#sequences
    if (sequences === undefined || this.#storedThrough === 0) return true
    const bytes = encodeDetailed(this.#storedThrough, { sequences, atMs }, reached)
    this.#storedThrough = 0
    sequences.length = 0
    try {
      return this.#socket === undefined || sendNow(this.#socket, bytes) === bytes.length
    } catch (error) {
      if (!isGone(error)) throw error
      return true
    }
  }

  leave(): void {
    if (this.#socket !== undefined) close(this.#socket)
    this.#socket = undefined
  }
}
