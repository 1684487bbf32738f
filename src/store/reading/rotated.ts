/** Files that a store's file was before it was moved away: `messages.ndjson.1`, `messages.ndjson-20260131`, and segments. */
import { closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Format } from '../file/format.js'
import { StoreReader } from '../file/reader.js'
import type { MessageRecord } from '../file/record.js'
import { StoreError } from '../file/store-error.js'
import { examineTail } from '../file/tail.js'
import { segmentAt } from '../segments/segment-name.js'

/** What is no log: torn tails that were saved, and what cannot be read before it is unpacked. */
const OTHERS = /\.(?:torn-[^/]*|gz|bz2|xz|zst)$/

export interface RotatedFile {
  readonly path: string
  readonly inode: number
  /** Number of its first record; 0 when it has none. */
  readonly first: number
}

/** Its first record; undefined when it has no whole one, or the format has none. */
export function firstRecordOf(path: string, format: Format): MessageRecord | undefined {
  const reader = new StoreReader(path)
  try {
    for (const { bytes } of reader.read()) return format.decode?.(bytes)
    return undefined
  } finally {
    reader.close()
  }
}

/** The file and those that it was before, in no order. */
export function filesOf(path: string, format: Format): RotatedFile[] {
  const name = basename(path)
  const names = readdirSync(dirname(path)).filter(
    (other) => other === name || (/^[.-]/.test(other.slice(name.length)) && other.startsWith(name)),
  )
  return names
    .filter((other) => !OTHERS.test(other))
    .flatMap((other) => {
      try {
        const found = join(dirname(path), other)
        const stat = statSync(found)
        return stat.isFile()
          ? {
              path: found,
              inode: stat.ino,
              first: segmentAt(path, other)?.first ?? firstRecordOf(found, format)?.seq ?? 0,
            }
          : []
      } catch {
        return [] // moved or removed while we looked
      }
    })
}

/** Number of its last whole record; 0 when it has none, or is damaged: nobody has to mend it for another one to go on. */
function lastOf(path: string, format: Format): number {
  const fd = openSync(path, 'r')
  try {
    return examineTail(path, fd, format).seq
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return 0
  } finally {
    closeSync(fd)
  }
}

/** Number of the last record in any of those that a file was before; 0 when there is none. */
export function lastBefore(path: string, format: Format): number {
  const inode = statSync(path, { throwIfNoEntry: false })?.ino
  const [last] = filesOf(path, format)
    // another store may have a name that begins so: logrotate's and our own go on with a digit
    .filter(
      (file) =>
        file.inode !== inode && file.first > 0 && /^[.-]\d/.test(basename(file.path).slice(basename(path).length)),
    )
    .sort((one, other) => other.first - one.first)
  return last === undefined ? 0 : Math.max(last.first, lastOf(last.path, format))
}

/** Number of a store's last record, be it in a file that it was before. */
export const lastSequenceOf = (path: string, format: Format): number => lastOf(path, format) || lastBefore(path, format)
