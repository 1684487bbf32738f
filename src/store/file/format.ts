/** What a format is: how messages are laid out in the file. Each is a value of this type; src/store/file/formats/index.ts lists them. */
import type { GrowingBuffer } from '../connection/growing-buffer.js'
import type { MessageRecord, RecordHead } from './record.js'

export interface Format {
  /**
   * Adds a record and its newline.
   *
   * @param fields a JSON object, on one line; only where `keepsFields`
   */
  add(target: GrowingBuffer, head: RecordHead, message: Buffer, fields?: string): void
  /** A record has room for fields. */
  readonly keepsFields?: true
  /** Reports whether a line without its newline is an undamaged record. */
  isWhole(line: Buffer): boolean
  /** Reports whether bytes may be the beginning of a record. */
  mayBegin(bytes: Buffer): boolean
  /** The sequence number of a whole record; 0 where the format has none. */
  seqOf(line: Buffer): number
  /** The sequence number of the first record of a whole record's batch. Left out where the format has none: there a hole is not found. */
  batchOf?(line: Buffer): number
  /** Reads a line without its newline; undefined when it is damaged. Left out where lines do not say all that a record says. */
  decode?(line: Buffer): MessageRecord | undefined
}
