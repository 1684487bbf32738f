/** The records that are written and synced together. */

import { GrowingBuffer } from '../connection/growing-buffer.js'
import type { Durability } from '../durability.js'
import type { Format } from '../file/format.js'

/** Whose message a record is. */
export interface Sender {
  /** Counts the server's connections. */
  readonly connection: number
  readonly pid: number
  /** How records name it. */
  readonly name: string
  readonly peer: string
}

export class Batch {
  readonly #format: Format
  readonly #clock: () => Date
  readonly #records = new GrowingBuffer(64 * 1024)
  readonly #senders: Sender[] = []
  readonly #numbers: number[] = []
  readonly #ends: number[] = []
  #time = ''
  #timeMs = 0
  #seq: number
  /** Of the last one that is known to be on disk. */
  #syncedSeq: number
  readonly #syncs: boolean

  /** @param durability where it is `os`, nothing after the record that was the last at first is known to be on disk */
  constructor(format: Format, seq: number, durability: Durability = 'disk', clock: () => Date = () => new Date()) {
    this.#format = format
    this.#seq = seq
    this.#syncedSeq = seq
    this.#syncs = durability !== 'os'
    this.#clock = clock
  }

  /** Sequence number of the last record that is stored. */
  get seq(): number {
    return this.#seq
  }

  /** When its first message was taken. */
  get timeMs(): number {
    return this.#timeMs
  }

  get count(): number {
    return this.#senders.length
  }

  /** The records; valid until the next `add`. */
  get bytes(): Buffer {
    return this.#records.bytes.subarray(0, this.#records.length)
  }

  add(sender: Sender, n: number, message: Buffer): void {
    if (this.count === 0) {
      const now = this.#clock()
      this.#time = now.toISOString()
      this.#timeMs = now.getTime()
    }
    const seq = this.#seq + this.count + 1
    const { name, peer } = sender
    this.#format.add(
      this.#records,
      { seq, batch: this.#syncedSeq + 1, time: this.#time, connection: name, n, peer },
      message,
    )
    this.#senders.push(sender)
    this.#numbers.push(n)
    this.#ends.push(this.#records.length)
  }

  senderOf(index: number): Sender {
    return this.#senders[index] as Sender
  }

  /** The message's number in its connection. */
  numberOf(index: number): number {
    return this.#numbers[index] as number
  }

  /** Where a record ends in `bytes`. */
  endOf(index: number): number {
    return this.#ends[index] as number
  }

  /** How many records are whole in the first `length` bytes. */
  countWithin(length: number): number {
    let count = this.count
    while (count > 0 && this.endOf(count - 1) > length) count--
    return count
  }

  /** Starts the next batch; the first `stored` records of this one are in the file. */
  clear(stored: number): void {
    this.#seq += stored
    if (this.#syncs) this.#syncedSeq = this.#seq
    this.#records.clear()
    this.#senders.length = 0
    this.#numbers.length = 0
    this.#ends.length = 0
  }
}
