/** Files that a store's file was before it was moved away: `messages.ndjson.1`, `messages.ndjson-20260131`. */
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Format } from '../file/format.js'
import { StoreReader } from '../file/reader.js'

/** What is no log: torn tails that were saved, and what cannot be read before it is unpacked. */
const OTHERS = /\.(?:torn-[^/]*|gz|bz2|xz|zst)$/

export interface RotatedFile {
  readonly path: string
  readonly inode: number
  /** Number of its first record; 0 when it has none. */
  readonly first: number
}

function firstOf(path: string, format: Format): number {
  const reader = new StoreReader(path)
  try {
    for (const { bytes } of reader.read()) return format.isWhole(bytes) ? format.seqOf(bytes) : 0
    return 0
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
        return stat.isFile() ? { path: found, inode: stat.ino, first: firstOf(found, format) } : []
      } catch {
        return [] // moved or removed while we looked
      }
    })
}
