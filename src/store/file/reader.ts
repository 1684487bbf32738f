/** Reads one file of a store, line by line, while a server or somebody else may be changing it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { commonLength, countNewlines } from './compare.js'

const CHUNK_BYTES = 256 * 1024
/** So much of what was read is remembered, to see whether it is still there. More than a server takes back when a disk is full. */
const REMEMBERED_BYTES = 64 * 1024
const BEGINNING_BYTES = 64
const NEWLINE = 0x0a

/** A line, without its newline. Its bytes are valid until the next one is asked for. */
export interface Line {
  bytes: Buffer
  /** Where it begins in the file. */
  at: number
  /** Counts from 1, or from where reading began. */
  number: number
  /** Where that is not the one that was named. */
  file?: string
}

/** What is said of a line that is no record. */
export const damageIn = (line: Line): string => `${placeOf(line)}: damaged record, ${line.bytes.length} bytes`

/** `line 7, byte 1311`, with the file where it is not the one that was named. */
export const placeOf = ({ at, number, file }: Line): string =>
  `${file === undefined ? '' : `${file}, `}line ${number}, byte ${at}`

export class StoreReader {
  readonly #fd: number
  readonly inode: number
  #buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  /** Where the next line begins. */
  #position = 0
  #number = 0
  /** What lay before the position, and at the beginning, when it was read. */
  #remembered: Buffer = Buffer.of()
  #beginning: Buffer = Buffer.of()

  /**
   * @param position where a line begins
   * @throws ENOENT, EACCES, EISDIR
   */
  constructor(path: string, position = 0) {
    this.#fd = openSync(path, 'r')
    this.inode = fstatSync(this.#fd).ino
    this.goTo(position)
  }

  /** Its present length. */
  get size(): number {
    return fstatSync(this.#fd).size
  }

  /** Where the next line begins. */
  get position(): number {
    return this.#position
  }

  /** Reads on from another place, where a line begins. */
  goTo(position: number): void {
    this.#position = position
    const from = Math.max(0, position - REMEMBERED_BYTES)
    this.#remembered = this.#bytesAt(from, position - from)
    this.#beginning = this.#bytesAt(0, Math.min(position, BEGINNING_BYTES))
  }

  /** The complete lines up to the present end. A last line without newline may still be written to: it is left for later. */
  *read(): Generator<Line> {
    for (;;) {
      const count = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, this.#position)
      const chunk = this.#buffer.subarray(0, count)
      let from = 0
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        const line = { bytes: chunk.subarray(from, end), at: this.#position, number: ++this.#number }
        this.#position += end + 1 - from
        from = end + 1
        yield line
      }
      this.#remember(chunk.subarray(0, from))
      if (count < this.#buffer.length) return
      if (from === 0) this.#buffer = Buffer.allocUnsafe(2 * this.#buffer.length)
    }
  }

  /**
   * For who has read before: to behind the last line that is still as it was. Reports whether anything was gone, because the file was
   * cut, emptied or written anew.
   */
  goBack(): boolean {
    const from = this.#position - this.#remembered.length
    const now = this.#bytesAt(from, this.#remembered.length)
    const same = commonLength(now, this.#remembered)
    const { size } = this
    if (same === this.#remembered.length && size >= this.#position) return false
    const read = this.#remembered
    this.goTo(this.#isSameLog() ? this.#lineBefore(now.length === 0 ? Math.min(size, from) : from + same) : 0)
    const kept = Math.max(0, this.#position - from)
    this.#number = this.#position === 0 ? 0 : this.#number - countNewlines(read.subarray(kept))
    return true
  }

  /** Its first bytes, at most `count`. */
  beginning(count = BEGINNING_BYTES): Buffer {
    return this.#bytesAt(0, count)
  }

  /** Reports whether a line begins there, as far as what is before it tells. */
  begins(at: number): boolean {
    return at === 0 || this.#bytesAt(at - 1, 1)[0] === NEWLINE
  }

  /** The line whose newline is the byte before `at`. */
  lineEndingAt(at: number): Buffer {
    const from = this.#lineBefore(at - 1)
    return this.#bytesAt(from, at - 1 - from)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #bytesAt(position: number, count: number): Buffer {
    const bytes = Buffer.allocUnsafe(count)
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, count, position))
  }

  #remember(read: Buffer): void {
    if (read.length === 0) return
    if (this.#beginning.length === 0 && this.#position === read.length)
      this.#beginning = Buffer.from(read.subarray(0, BEGINNING_BYTES))
    const before = read.length >= REMEMBERED_BYTES ? Buffer.of() : this.#remembered
    const kept = Buffer.concat([before, read])
    this.#remembered = kept.subarray(Math.max(0, kept.length - REMEMBERED_BYTES))
  }

  /** Whether it begins as it did; else there are other messages in it now. */
  #isSameLog(): boolean {
    const { length } = this.#beginning
    return length > 0 && commonLength(this.beginning(), this.#beginning) === length
  }

  /** Where the line begins that has the byte before `at`, or that begins there. */
  #lineBefore(at: number): number {
    for (let end = at; end > 0; ) {
      const from = Math.max(0, end - REMEMBERED_BYTES)
      const newline = this.#bytesAt(from, end - from).lastIndexOf(NEWLINE)
      if (newline >= 0) return from + newline + 1
      end = from
    }
    return 0
  }
}
