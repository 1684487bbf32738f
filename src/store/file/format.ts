/** How messages are laid out in the file: the two kinds of record a store knows. */
import type { GrowingBuffer } from '../connection/growing-buffer.js'
import type { SinkAddress } from '../sink.js'
import { addRecord, decodeRecord, isWhole, type RecordHead } from './record.js'

export interface Format {
  /** Adds a record and its newline. */
  add(target: GrowingBuffer, head: RecordHead, message: Buffer): void
  /** Reports whether a line without its newline is an undamaged record. */
  isWhole(line: Buffer): boolean
  /** Reports whether bytes may be the beginning of a record. */
  mayBegin(bytes: Buffer): boolean
  /** The sequence number of a whole record; 0 where the format has none. */
  seqOf(line: Buffer): number
}

const BEGIN = Buffer.from('{"seq":')

const ndjson: Format = {
  add: addRecord,
  isWhole,
  // a file system may have made the file longer without having written the bytes
  mayBegin: (bytes) => BEGIN.indexOf(bytes.subarray(0, BEGIN.length)) === 0 || bytes.every((byte) => byte === 0),
  seqOf: (line) => decodeRecord(line)?.seq ?? 0,
}

const text: Format = {
  add(target, _head, message) {
    target.add(message)
    target.add(NEWLINE)
  },
  isWhole: () => true,
  mayBegin: () => true,
  seqOf: () => 0,
}

const NEWLINE = Buffer.from('\n')

export const formats: Record<SinkAddress['format'], Format> = { ndjson, text }
