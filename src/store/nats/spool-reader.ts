/** Reads a spool from one of its files to the next, through the last record that may be forwarded. */
import { statSync } from 'node:fs'
import { type Line, StoreReader } from '../file/reader.js'
import { decodeRecord, type MessageRecord } from '../file/record.js'
import { StoreError } from '../file/store-error.js'
import { fullFiles } from './spool-files.js'

/** How much is taken at once, but one record in any case. */
export interface Portion {
  readonly messages: number
  readonly bytes: number
}

export class SpoolReader {
  readonly #spool: string
  readonly #missing: (words: string) => void
  /** Undefined where there is no file, as between one and the next. */
  #reader: StoreReader | undefined
  /** Of the last record that was taken. */
  #sequence: number

  /**
   * @param sequence of the last record that is not wanted any more
   * @param missing told of records that are not there
   */
  constructor(spool: string, sequence: number, missing: (words: string) => void) {
    this.#spool = spool
    this.#sequence = sequence
    this.#missing = missing
  }

  /**
   * The records that come next; none when there is none yet.
   *
   * @param through the last record that may be taken
   * @throws {StoreError} a record that is damaged
   * @throws {Error} EACCES, …
   */
  take(through: number, portion: Portion): MessageRecord[] {
    const records: MessageRecord[] = []
    let bytes = 0
    const isFull = (): boolean => records.length >= portion.messages || bytes >= portion.bytes
    const takeFrom = (reader: StoreReader): void => {
      for (const line of reader.read()) {
        const record = this.#recordIn(reader, line, through)
        if (record === undefined) continue
        if (record === 'later') return
        records.push(record)
        bytes += record.message.length
        if (isFull() || this.#sequence === through) return
      }
    }
    while (this.#sequence < through && !isFull()) {
      const reader = this.#reader ?? this.#open()
      this.#reader = reader
      if (reader === undefined) break
      takeFrom(reader)
      if (isFull() || this.#sequence === through || !this.#isLeft(reader)) break
      // what was written to it before it was put away
      takeFrom(reader)
      if (isFull() || this.#sequence === through) break
      reader.close()
      this.#reader = undefined
    }
    return records
  }

  close(): void {
    this.#reader?.close()
  }

  /** Undefined for one that was dealt with; one that comes later may still be cut. */
  #recordIn(reader: StoreReader, { bytes, at }: Line, through: number): MessageRecord | 'later' | undefined {
    const record = decodeRecord(bytes)
    if (record !== undefined && record.seq <= this.#sequence) return undefined
    if (record === undefined || record.seq > through) {
      reader.goTo(at)
      if (record !== undefined) return 'later'
      throw new StoreError(`${this.#spool}: a damaged record at byte ${at}, behind number ${this.#sequence}`)
    }
    if (record.seq > this.#sequence + 1 && this.#sequence > 0)
      this.#missing(`${this.#spool}: messages ${this.#sequence + 1} to ${record.seq - 1} are missing`)
    this.#sequence = record.seq
    return record
  }

  /** Whether the file that is read is written to no more. */
  #isLeft({ inode }: StoreReader): boolean {
    return statSync(this.#spool, { throwIfNoEntry: false })?.ino !== inode
  }

  #open(): StoreReader | undefined {
    try {
      return new StoreReader(fullFiles(this.#spool).find(({ last }) => last > this.#sequence)?.path ?? this.#spool)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
}
