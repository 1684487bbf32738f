/** Reads a store's file from its first line on, while a server may be writing to it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const CHUNK_BYTES = 256 * 1024
const NEWLINE = 0x0a

/** A line, without its newline. */
export interface Line {
  bytes: Buffer
  /** Where it begins in the file. */
  at: number
  /** Counts from 1. */
  number: number
}

export class StoreReader {
  readonly #fd: number
  #buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  /** Where the next line begins. */
  #position = 0
  #number = 0
  /** The file was shorter than before when it was last read: a server has cut what it could not store, or somebody has emptied it. */
  truncated = false

  /** @throws ENOENT, EACCES, EISDIR */
  constructor(path: string) {
    this.#fd = openSync(path, 'r')
  }

  /** The complete lines up to the present end. A last line without newline may still be written to: it is left for later. */
  *read(): Generator<Line> {
    const { size } = fstatSync(this.#fd)
    this.truncated = size < this.#position
    if (this.truncated) {
      this.#position = size
      if (size === 0) this.#number = 0
    }
    for (;;) {
      const count = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, this.#position)
      const chunk = this.#buffer.subarray(0, count)
      let from = 0
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        yield { bytes: chunk.subarray(from, end), at: this.#position + from, number: ++this.#number }
        from = end + 1
      }
      this.#position += from
      if (count < this.#buffer.length) return
      if (from === 0) this.#buffer = Buffer.allocUnsafe(2 * this.#buffer.length)
    }
  }

  /** Its first bytes, at most `count`. */
  beginning(count = 64): Buffer {
    const bytes = Buffer.alloc(count)
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, count, 0))
  }

  close(): void {
    closeSync(this.#fd)
  }
}
