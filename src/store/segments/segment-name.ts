/**
 * What the server calls a file of its own that it has closed: by its first record's number and time, as
 * `messages.ndjson.000000000001-20260131T120000.123Z`. So names are the index of a store: they sort, and nothing else has to be kept.
 */
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const DIGITS = 12
const NAME = /^\.(\d{12,15})-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z(\.(?:gz|bz2|xz|zst))?$/

export interface Segment {
  readonly path: string
  /** Number of its first record. */
  readonly first: number
  /** Time of its first record, as `Date.now()`. */
  readonly atMs: number
  /** Somebody has packed it: it counts, and cannot be read. */
  readonly packed: boolean
}

/** @param path of the store's file */
export const segmentPath = (path: string, first: number, atMs: number): string =>
  `${path}.${String(first).padStart(DIGITS, '0')}-${new Date(atMs).toISOString().replace(/[-:]/g, '')}`

/** Undefined for the name of another file. */
export function segmentAt(path: string, found: string): Segment | undefined {
  const name = basename(path)
  const parts = found.startsWith(name) ? NAME.exec(found.slice(name.length)) : null
  if (parts === null) return undefined
  const [, first, year, month, day, hour, minute, second, packing] = parts
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(atMs)) return undefined
  return { path: join(dirname(path), found), first: Number(first), atMs, packed: packing !== undefined }
}

/** Those of a store's file, the oldest first. */
export const segmentsOf = (path: string): Segment[] =>
  readdirSync(dirname(path))
    .flatMap((name) => segmentAt(path, name) ?? [])
    .sort((one, other) => one.first - other.first)

/** Of those and of the file itself the first that may hold what is wanted; undefined where that is the file itself. */
export function firstWith(
  segments: readonly Segment[],
  beginOfFile: { first: number; atMs: number } | undefined,
  wanted: { since?: number | undefined; first?: number | undefined },
): Segment | undefined {
  const { since = Number.NEGATIVE_INFINITY, first = Number.NEGATIVE_INFINITY } = wanted
  return segments.find((_segment, index) => {
    const next = segments[index + 1] ?? beginOfFile
    // records of one time may lie on both sides
    return next === undefined || (next.atMs >= since && next.first > first)
  })
}
