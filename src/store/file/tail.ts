/** Looks at the end of a store's file: is its last record whole, and if not, where does the whole part end? */
import { fstatSync, readSync } from 'node:fs'
import type { Format } from './format.js'
import { type Behind, batchWithHoles, isTornFirstBatch } from './holes.js'
import { StoreError } from './store-error.js'

/**
 * How far back records are checked. Everything but the last batch was on disk before the next one began, so a crash
 * can only have torn what a batch holds; older damage is for `tined messages` to find. More than one batch on purpose.
 */
export const CHECKED_BYTES = 8 * 1024 * 1024
/** Larger than any record: there must be a whole one within. */
const MOST_BYTES = 256 * 1024 * 1024
const NEWLINE = 0x0a

export interface Tail {
  /** Bytes of the file up to the end of its last whole record. */
  whole: number
  /** Bytes in the file. */
  size: number
  /** The last record is whole but for its newline. */
  lacksNewline: boolean
  /** Of the last whole record; 0 when there is none, or the format has none. */
  seq: number
}

/**
 * Reads backwards from the end, never the whole of a large file.
 *
 * @throws {StoreError} a damaged record with whole ones behind it, or a file that is not a store
 */
export function examineTail(path: string, fd: number, format: Format, checkedBytes = CHECKED_BYTES): Tail {
  const { size } = fstatSync(fd)
  for (let wanted = checkedBytes; ; wanted *= 2) {
    const { bytes, from } = lastLines(fd, size, wanted)
    const found = examine(bytes, from, format)
    // the last whole record is further back: what is torn is longer than what was looked at
    if (found.last === undefined && from > 0 && wanted < MOST_BYTES) continue
    const { last, whole, lacksNewline, behind } = found
    if (behind !== undefined) {
      const holed = last === undefined && from > 0 ? undefined : batchWithHoles(format, last, behind)
      if (holed === undefined) throw corrupt(path, found.damaged as number)
      return { whole, size, lacksNewline, seq: holed.seq }
    }
    if (last === undefined && size > 0)
      assertOurs(
        path,
        from === 0 && (isTornFirstBatch(format, bytes) || (found.damaged === undefined && format.mayBegin(bytes))),
      )
    return { whole, size, lacksNewline, seq: last === undefined ? 0 : format.seqOf(last) }
  }
}

interface Found {
  /** The last whole record before any damage. */
  last: Buffer | undefined
  whole: number
  lacksNewline: boolean
  /** Where a complete line is no record. */
  damaged: number | undefined
  /** Whole records behind that. */
  behind: Behind | undefined
}

function examine(bytes: Buffer, from: number, format: Format): Found {
  let whole = from
  let last: Buffer | undefined
  let damaged: number | undefined
  let behind: Behind | undefined
  let at = 0
  for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, at)) {
    const line = bytes.subarray(at, newline)
    if (!format.isWhole(line)) damaged ??= from + at
    else if (damaged !== undefined) behind = { first: behind?.first ?? line, last: line }
    else {
      last = line
      whole = from + newline + 1
    }
    at = newline + 1
  }
  const rest = bytes.subarray(at)
  const lacksNewline = damaged === undefined && rest.length > 0 && format.seqOf(rest) > 0
  return { last: lacksNewline ? rest : last, whole, lacksNewline, damaged, behind }
}

/** The end of the file, from the start of a line if there is one. */
function lastLines(fd: number, size: number, wanted: number): { bytes: Buffer; from: number } {
  const start = Math.max(0, size - wanted)
  const bytes = Buffer.allocUnsafe(size - start)
  let filled = 0
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled)
    if (count === 0) break // somebody cuts it while we look
    filled += count
  }
  const skipped = start === 0 ? 0 : bytes.subarray(0, filled).indexOf(NEWLINE) + 1
  return { bytes: bytes.subarray(skipped, filled), from: start + skipped }
}

const corrupt = (path: string, at: number): StoreError =>
  new StoreError(
    `${path}: the record at byte ${at} is damaged, and whole ones follow: this is no torn tail. ` +
      `"tined messages" shows which; repair the file or move it away`,
  )

/** A file without one whole record may be somebody's own: only what looks like our first records, torn, is ours to cut. */
function assertOurs(path: string, ours: boolean): void {
  if (!ours) throw new StoreError(`${path}: not a store of messages: it has no whole record at its end`)
}
