/** The records that are written and synced together. */
import { GrowingBuffer } from '../connection/growing-buffer.js'
import { DISK, type Durability, durabilityCode } from '../durability.js'
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

/** What is to be kept with a message, and how its sender wants it. */
export interface Extras {
  /** A JSON object. */
  fields?: string | undefined
  /** Code of how durable it is to be when its sender is told; 0 for what the store's option says. */
  wanted: number
}

/** A message that has to be written again. */
export interface Owed extends Extras {
  sender: Sender
  n: number
  message: Buffer
}

const NO_EXTRAS: Extras = { wanted: 0 }

export class Batch {
  readonly #format: Format
  readonly #clock: () => Date
  readonly #records = new GrowingBuffer(64 * 1024)
  readonly #senders: Sender[] = []
  readonly #numbers: number[] = []
  readonly #ends: number[] = []
  readonly #wanted: number[] = []
  readonly #told = new Set<number>()
  readonly #usual: number
  #time = ''
  #timeMs = 0
  #seq: number
  /** Of the last one that is known to be on disk. */
  #syncedSeq: number
  #weakest = Number.POSITIVE_INFINITY
  #strongest = 0

  /** @param durability what a sender wants that does not say */
  constructor(format: Format, seq: number, durability: Durability = 'disk', clock: () => Date = () => new Date()) {
    this.#format = format
    this.#seq = seq
    this.#syncedSeq = seq
    this.#usual = durabilityCode(durability)
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

  /** Code of the least durability that somebody wants. */
  get weakest(): number {
    return this.#weakest
  }

  /** Code of the most that somebody wants. */
  get wanted(): number {
    return this.#strongest
  }

  /** Whether somebody wants it on disk. */
  get wantsSync(): boolean {
    return this.#strongest >= DISK
  }

  /** The records; valid until the next `add`. */
  get bytes(): Buffer {
    return this.#records.bytes.subarray(0, this.#records.length)
  }

  add(sender: Sender, n: number, message: Buffer, { fields, wanted }: Extras = NO_EXTRAS): void {
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
      fields,
    )
    this.#senders.push(sender)
    this.#numbers.push(n)
    this.#ends.push(this.#records.length)
    const code = wanted || this.#usual
    this.#wanted.push(code)
    if (code < this.#weakest) this.#weakest = code
    if (code > this.#strongest) this.#strongest = code
  }

  /** Adds a message whose sender knows of it already. */
  addOwed({ sender, n, message, ...extras }: Owed): void {
    this.#told.add(this.count)
    this.add(sender, n, message, extras)
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

  /** Code of how durable it is to be when its sender is told. */
  wantedOf(index: number): number {
    return this.#wanted[index] as number
  }

  /** How many records are whole in the first `length` bytes. */
  countWithin(length: number): number {
    let count = this.count
    while (count > 0 && this.endOf(count - 1) > length) count--
    return count
  }

  /** Its sender was told that it is stored. */
  tell(index: number): void {
    this.#told.add(index)
  }

  isTold(index: number): boolean {
    return this.#told.size > 0 && this.#told.has(index)
  }

  /** From number `from` on, the messages whose senders were told. */
  owed(from = 0): Owed[] {
    if (this.#told.size === 0) return []
    return this.messages().filter((_, index) => index >= from && this.isTold(index))
  }

  /** What it was made of. */
  messages(): Owed[] {
    return this.#senders.map((sender, index) => {
      const line = this.#records.bytes.subarray(index === 0 ? 0 : this.endOf(index - 1), this.endOf(index) - 1)
      const record = this.#format.decode?.(line)
      return {
        sender,
        n: this.numberOf(index),
        message: record?.message ?? Buffer.from(line),
        fields: record?.fields && JSON.stringify(record.fields),
        wanted: this.wantedOf(index),
      }
    })
  }

  /**
   * Starts the next batch; the first `stored` records of this one are in the file.
   *
   * @param synced whether they are on disk, with all before them
   */
  clear(stored: number, synced = this.wantsSync): void {
    this.#advance(stored, synced)
    this.#records.clear()
    this.#senders.length = 0
    this.#numbers.length = 0
    this.#ends.length = 0
    this.#wanted.length = 0
    this.#told.clear()
    this.#weakest = Number.POSITIVE_INFINITY
    this.#strongest = 0
  }

  /** Keeps what is not stored: it is to be written again as it is. */
  keep(stored: number, synced: boolean): void {
    if (stored === 0) return
    this.#advance(stored, synced)
    const cut = this.endOf(stored - 1)
    this.#records.shift(cut)
    this.#senders.splice(0, stored)
    this.#numbers.splice(0, stored)
    this.#ends.splice(0, stored)
    this.#wanted.splice(0, stored)
    for (let index = 0; index < this.#ends.length; index++) this.#ends[index] = this.endOf(index) - cut
    const told = [...this.#told]
    this.#told.clear()
    for (const index of told) if (index >= stored) this.#told.add(index - stored)
  }

  #advance(stored: number, synced: boolean): void {
    this.#seq += stored
    if (synced) this.#syncedSeq = this.#seq
  }
}
