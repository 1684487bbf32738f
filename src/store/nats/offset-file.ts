/** `SPOOL.forwarded`: through which record the stream has everything. Rewritten in place: a few bytes, which no crash leaves in part. */
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'

const DIGITS = 15

export const offsetPath = (spool: string): string => `${spool}.forwarded`

/** @throws {Error} EACCES, … */
function open(spool: string): number {
  try {
    return openSync(offsetPath(spool), 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return openSync(offsetPath(spool), 'wx+', 0o640)
  }
}

function readFrom(fd: number): number {
  const bytes = Buffer.alloc(DIGITS + 1)
  const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0))
  return /^\d{15}\n$/.test(text) ? Number(text) : 0
}

/** 0 where nothing was forwarded yet. */
export function readOffset(spool: string): number {
  try {
    const fd = openSync(offsetPath(spool), 'r')
    try {
      return readFrom(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

export class OffsetFile {
  readonly #fd: number
  #kept: number

  constructor(spool: string) {
    this.#fd = open(spool)
    this.#kept = readFrom(this.#fd)
  }

  /** What is on disk. */
  get kept(): number {
    return this.#kept
  }

  /** On return it is on disk. */
  keep(sequence: number): void {
    if (sequence === this.#kept) return
    writeSync(this.#fd, `${String(sequence).padStart(DIGITS, '0')}\n`, 0)
    fdatasyncSync(this.#fd)
    this.#kept = sequence
  }
}
