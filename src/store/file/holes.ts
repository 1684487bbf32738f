/**
 * After a power cut any page of the last batch may be missing, with whole records behind it. Each record says where its batch begins,
 * so such a hole is told from damage of what was on disk already.
 */
import type { Format } from './format.js'

/** The first and the last of the whole records behind the damage; the same where there is one. */
export interface Behind {
  first: Buffer
  last: Buffer
}

/**
 * Whether all that is damaged belongs to the batch of the last record, which then was not synced, and of which nobody was told.
 *
 * @param before the last whole record before the damage; undefined when the damage begins the file
 * @returns the sequence number of the record before the damage; undefined when this is no hole
 */
export function batchWithHoles(
  format: Format,
  before: Buffer | undefined,
  behind: Behind,
): { seq: number } | undefined {
  const batch = format.batchOf?.(behind.last)
  if (batch === undefined) return undefined
  const seq = before === undefined ? batch - 1 : format.seqOf(before)
  // where no number is missing, something was put in between
  return batch <= seq + 1 && format.seqOf(behind.first) > seq + 1 ? { seq } : undefined
}

const NEWLINE = 0x0a
const BLANK = 0x20

/**
 * Whether a file without one whole record is a first batch of which no page that would make one is there: text without control
 * characters, in which each line has zeros that were never written. A file that somebody has made is not like that.
 */
export function isTornFirstBatch(format: Format, bytes: Buffer): boolean {
  if (format.batchOf === undefined || !(bytes[0] === 0 || format.mayBegin(bytes))) return false
  if (bytes.some((byte) => byte < BLANK && byte !== 0 && byte !== NEWLINE)) return false
  let from = 0
  for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, from)) {
    if (!bytes.subarray(from, newline).includes(0)) return false
    from = newline + 1
  }
  return true
}
