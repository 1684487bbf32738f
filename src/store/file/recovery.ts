/** Brings a store's file into order before it is appended to: whole records only, and all of them on disk. */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import type { Format } from './format.js'
import { StoreError } from './store-error.js'
import { type StoreFile, syncFolder } from './store-file.js'
import { examineTail } from './tail.js'

export interface Recovered {
  /** Sequence number of the last record. */
  seq: number
  /** What was done to the file, in words for the log; undefined when it was in order. */
  note: string | undefined
}

const COPY_BYTES = 1024 * 1024

/**
 * Cuts a torn tail, after saving its bytes beside the file, and syncs.
 *
 * @throws {StoreError} when the file is damaged, not a store, or the torn bytes cannot be saved
 * @throws {PosixError} when it cannot be cut or synced
 */
export function recover(file: StoreFile, format: Format, now = new Date()): Recovered {
  const { whole, size, lacksNewline, seq } = examineTail(file.path, file.fd, format)
  const note = lacksNewline ? addNewline(file) : whole < size ? cut(file, whole, size, now) : undefined
  // what a killed writer wrote last may be in memory only
  file.sync()
  return { seq, note }
}

function addNewline(file: StoreFile): string {
  const { error } = file.append(Buffer.from('\n'))
  if (error !== undefined) throw error
  return 'the last record was whole but for its newline, which was added'
}

function cut(file: StoreFile, whole: number, size: number, now: Date): string {
  const saved = `${file.path}.torn-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`
  try {
    save(file.fd, whole, size, saved)
  } catch (error) {
    throw new StoreError(`${file.path}: its torn tail cannot be saved: ${(error as Error).message}`)
  }
  file.truncate(whole)
  return `a torn tail was cut at byte ${whole}: ${size - whole} bytes, saved in ${saved}`
}

/** Two starts within a second save to the same file, one after the other. */
function save(fd: number, from: number, to: number, path: string): void {
  const target = openSync(path, 'a', 0o640)
  try {
    const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, to - from))
    for (let at = from; at < to; ) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, to - at), at)
      if (count === 0) break
      for (let written = 0; written < count; ) written += writeSync(target, buffer, written, count - written)
      at += count
    }
    fsyncSync(target)
  } finally {
    closeSync(target)
  }
  syncFolder(path)
}
