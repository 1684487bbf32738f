/** Looks at the end of a store's file: is its last record whole, and if not, where does the whole part end? */
import { fstatSync, readSync } from 'node:fs'
import type { Format } from './format.js'
import { StoreError } from './store-error.js'

/**
 * How far back records are checked. Everything but the last batch was on disk before the next one began, so a crash
 * can only have torn what a batch holds; older damage is for `tined messages` to find. More than one batch on purpose.
 */
export const CHECKED_BYTES = 8 * 1024 * 1024
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
  const { bytes, from } = lastLines(fd, size, checkedBytes)
  let whole = from
  let last: Buffer | undefined
  let damaged: number | undefined
  let at = 0
  for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, at)) {
    const line = bytes.subarray(at, newline)
    if (!format.isWhole(line)) damaged ??= from + at
    else if (damaged !== undefined) throw corrupt(path, damaged)
    else {
      last = line
      whole = from + newline + 1
    }
    at = newline + 1
  }
  const rest = bytes.subarray(at)
  const lacksNewline = damaged === undefined && rest.length > 0 && format.seqOf(rest) > 0
  if (lacksNewline) last = rest
  else if (last === undefined && size > 0) assertOurs(path, format, bytes, damaged)
  return { whole, size, lacksNewline, seq: last === undefined ? 0 : format.seqOf(last) }
}

/** The last lines of a file, beginning at the start of one. */
function lastLines(fd: number, size: number, wantedBytes: number): { bytes: Buffer; from: number } {
  for (let wanted = wantedBytes; ; wanted *= 2) {
    const start = Math.max(0, size - wanted)
    const bytes = Buffer.allocUnsafe(size - start)
    let filled = 0
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled)
      if (count === 0) break // somebody cuts it while we look
      filled += count
    }
    if (start === 0) return { bytes: bytes.subarray(0, filled), from: 0 }
    const newline = bytes.indexOf(NEWLINE)
    // one record alone is longer than that: look further back
    if (newline >= 0 && newline < filled - 1)
      return { bytes: bytes.subarray(newline + 1, filled), from: start + newline + 1 }
  }
}

const corrupt = (path: string, at: number): StoreError =>
  new StoreError(
    `${path}: the record at byte ${at} is damaged, and whole ones follow: this is no torn tail. ` +
      `"tined messages" shows which; repair the file or move it away`,
  )

/** A file without one whole record may be somebody's own: only what looks like our first record, torn, is ours to cut. */
function assertOurs(path: string, format: Format, bytes: Buffer, damaged: number | undefined): void {
  if (damaged === undefined && format.mayBegin(bytes)) return
  throw new StoreError(`${path}: not a store of messages; its first line is no record`)
}
