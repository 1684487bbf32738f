/**
 * The files of a spool: the one that is written to, and those that it was before, each with the number of its last record at its end:
 * `messages.spool.000000000001311`.
 */
import { readdirSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const DIGITS = 15

/** A file that is written to no more. */
export interface FullFile {
  readonly path: string
  /** Number of its last record. */
  readonly last: number
}

/** In their order. */
export function fullFiles(spool: string): FullFile[] {
  const folder = dirname(spool)
  const name = basename(spool)
  return readdirSync(folder)
    .filter((other) => other.startsWith(`${name}.`) && /^\d{15}$/.test(other.slice(name.length + 1)))
    .sort()
    .map((other) => ({ path: join(folder, other), last: Number(other.slice(name.length + 1)) }))
}

/** Bytes of them together. */
export const bytesOf = (files: readonly FullFile[]): number =>
  files.reduce((sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0)

/** @param last number of the last record in the file that has been written to */
export const putAway = (spool: string, last: number): void =>
  renameSync(spool, `${spool}.${String(last).padStart(DIGITS, '0')}`)

/** Removes those of which the stream has everything. */
export function removeThrough(spool: string, forwarded: number): void {
  for (const { path, last } of fullFiles(spool)) if (last <= forwarded) unlinkSync(path)
}
