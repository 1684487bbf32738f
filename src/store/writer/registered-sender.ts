/** The writer's book of one connection. */
import { fixedAddress } from '../../libc/ffi.js'
import { ACK_BYTES, encodeDetailed, writeAck } from '../wire.js'
import { Inbox } from './inbox.js'
import type { Told } from './telling.js'

/** By which a sender is told. */
export interface AnswerSocket {
  /** Undefined once it is closed. */
  readonly fd: number | undefined
  /**
   * @param length of what is in `news`
   * @param address of `news`, where that does not move
   * @returns false when there is no room: who keeps to the window has some
   */
  tell(connection: number, news: Buffer, length: number, address?: number): boolean
}

const acks = Buffer.allocUnsafeSlow(2 * ACK_BYTES)
const acksAddress = fixedAddress(acks)

export class RegisteredSender implements Told {
  readonly inbox: Inbox
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
    /** How it is told. */
    readonly socket: AnswerSocket,
    acknowledged: number,
    stored: number,
    maxMessageBytes: number,
    wantsSequences: boolean,
  ) {
    this.#sequences = wantsSequences ? [] : undefined
    this.inbox = new Inbox(acknowledged, stored, maxMessageBytes)
    if (stored > acknowledged) this.#storedThrough = stored
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
    return length === 0 || this.socket.tell(this.connection, acks, length, acksAddress)
  }

  #tellSequences(atMs: number, reached: number): boolean {
    const sequences = this.#sequences
    if (sequences === undefined || this.#storedThrough === 0) return true
    const bytes = encodeDetailed(this.#storedThrough, { sequences, atMs }, reached)
    this.#storedThrough = 0
    sequences.length = 0
    return this.socket.tell(this.connection, bytes, bytes.length)
  }
}
