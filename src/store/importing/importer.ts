/** Messages from elsewhere into a sink: batch after batch, each on disk before the next one is begun. Nobody else writes to it meanwhile. */
import { GrowingBuffer } from '../connection/growing-buffer.js'
import type { Format } from '../file/format.js'
import type { RecordHead } from '../file/record.js'
import type { Left } from '../file/resume.js'
import type { Sink, WritableSink } from '../sinks/sink.js'
import type { Tell } from '../tell.js'

/** A batch is written once it has so many bytes. */
const BATCH_BYTES = 1024 * 1024
const NEWLINE = 0x0a

/** What a record says of a message, apart from its number. */
export type Origin = Pick<RecordHead, 'time' | 'connection' | 'n' | 'peer'>

export class Importer {
  readonly #file: WritableSink
  readonly #format: Format
  readonly #records = new GrowingBuffer(BATCH_BYTES)
  readonly #tell: Tell
  #left: Left
  #count = 0
  /** That are on disk. */
  imported = 0

  /** @throws {StoreError} {PosixError} when the sink cannot be used */
  constructor(sink: Sink, tell: Tell) {
    this.#file = sink.openForWriting()
    this.#format = sink.layout
    this.#tell = tell
    const { seq, notes } = this.#file.resume(undefined)
    for (const note of notes) tell('warn', note)
    this.#left = { inode: this.#file.inode, length: this.#file.length(), seq }
  }

  /**
   * @throws {PosixError} ENOSPC, EIO, … what was not on disk before is not in the sink
   * @throws {TypeError} a message that the sink cannot keep
   */
  add(origin: Origin, message: Buffer, fields?: string): void {
    if (this.#format.decode === undefined && message.includes(NEWLINE))
      throw new TypeError(
        `message ${this.imported + this.#count + 1} has a newline: it is more than one line of a text file`,
      )
    this.#count++
    const { seq } = this.#left
    this.#format.add(this.#records, { seq: seq + this.#count, batch: seq + 1, ...origin }, message, fields)
    if (this.#records.length >= BATCH_BYTES) this.flush()
  }

  /** @throws {PosixError} as `add` */
  flush(): void {
    if (this.#count === 0) return
    const file = this.#file
    this.#left = file.tend?.(this.#left, this.#tell) ?? this.#left
    const { inode, length, seq } = this.#left
    const bytes = this.#records.bytes.subarray(0, this.#records.length)
    try {
      const { error } = file.append(bytes)
      if (error !== undefined) throw error
      file.sync()
    } catch (error) {
      file.truncate(length)
      throw error
    }
    this.#left = { inode, length: length + bytes.length, seq: seq + this.#count }
    this.imported += this.#count
    this.#count = 0
    this.#records.clear()
  }
}
