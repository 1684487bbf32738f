/** Reads a store from one file to the next: when the file is moved away and another takes its place, it goes on there. */
import { statSync } from 'node:fs'
import type { Format } from '../file/format.js'
import { type Line, StoreReader } from '../file/reader.js'
import { firstWith, type Segment, segmentsOf } from '../segments/segment-name.js'
import type { ReadWish, SinkReader } from '../sinks/sink.js'
import type { Place } from './offset.js'
import { filesOf, firstRecordOf, lastSequenceOf, type RotatedFile } from './rotated.js'

/** What happened to what had been read. */
export type Change = 'cut' | 'moved'

export const CHANGES: Readonly<Record<Change, string>> = {
  cut: 'the file was cut, or written anew; going on behind what is left',
  moved: 'the file was moved away; going on in the one that has its name now',
}

export class LogReader implements SinkReader {
  readonly #path: string
  readonly #format: Format
  #reader: StoreReader
  /** Of the last whole record. */
  #sequence: number
  /** The one that is read, where it has another name. */
  #file: string | undefined
  readonly #changed: (change: Change) => void

  /**
   * @param wish `after`: from there on, wherever that is now; else from the beginning of the file, or of its first segment that has
   * something of what is wanted
   * @throws ENOENT, EACCES, EISDIR
   */
  constructor(path: string, format: Format, wish: ReadWish) {
    const { after } = wish
    this.#path = path
    this.#format = format
    this.#changed = wish.changed
    this.#sequence = after?.sequence ?? 0
    this.#reader = after === undefined ? this.#begin(wish) : this.#find(after)
  }

  /** Where the next line begins. */
  get place(): Place {
    return { inode: this.#reader.inode, byte: this.#reader.position, sequence: this.#sequence }
  }

  get incompleteBytes(): number {
    return this.#reader.size - this.#reader.position
  }

  /** Its first bytes, at most 64. */
  beginning(): Buffer {
    return this.#reader.beginning()
  }

  /** The complete lines up to the present end. */
  *read(): Generator<Line> {
    for (;;) {
      yield* this.#readFile()
      if (!this.#isSuperseded()) return
      // what was written to it before the other file was begun
      yield* this.#readFile()
      this.#goOn()
    }
  }

  close(): void {
    this.#reader.close()
  }

  *#readFile(): Generator<Line> {
    if (this.#reader.goBack()) this.#changed('cut')
    for (const line of this.#reader.read()) {
      if (this.#format.isWhole(line.bytes)) this.#sequence = this.#format.seqOf(line.bytes)
      yield this.#file === undefined ? line : { ...line, file: this.#file }
    }
  }

  /** Another file has the name, and something is in it, or in one between: whoever wrote it writes to the old one no more. */
  #isSuperseded(): boolean {
    try {
      const { ino, size } = statSync(this.#path)
      return ino !== this.#reader.inode && (size > 0 || this.#later().length > 0)
    } catch {
      return false // between the move and the new file
    }
  }

  /** What has come after the file that is read. */
  #later(): RotatedFile[] {
    return filesOf(this.#path, this.#format)
      .filter(({ inode, first }) => inode !== this.#reader.inode && first > this.#sequence)
      .sort((one, other) => one.first - other.first)
  }

  /** To the file with the next number: there may be several by now. */
  #goOn(): void {
    const from = segmentsOf(this.#path).find(
      ({ path }) => statSync(path, { throwIfNoEntry: false })?.ino === this.#reader.inode,
    )
    const next = this.#open(this.#later()[0]?.path ?? this.#path)
    this.#reader.close()
    this.#reader = next
    // that the server itself has closed one is nothing to tell
    if (from === undefined) this.#changed('moved')
  }

  /** @param position where a line begins */
  #open(path: string, position?: number): StoreReader {
    const reader = new StoreReader(path, position)
    this.#file = path === this.#path ? undefined : path
    return reader
  }

  /** At the first segment that has something of what is wanted. */
  #begin({ since, last }: ReadWish): StoreReader {
    const segments = segmentsIfListed(this.#path).filter(({ packed }) => !packed)
    if (segments.length === 0) return this.#open(this.#path)
    const first = last === undefined ? undefined : lastSequenceOf(this.#path, this.#format) - last + 1
    const begin = firstRecordOf(this.#path, this.#format)
    const beginOfFile = begin && { first: begin.seq, atMs: Date.parse(begin.time) }
    return this.#open(firstWith(segments, beginOfFile, { since: since?.getTime(), first })?.path ?? this.#path)
  }

  /** The file may have been moved, cut, or removed since. */
  #find({ inode, byte, sequence }: Place): StoreReader {
    const files = filesOf(this.#path, this.#format)
    const same = files.find((file) => file.inode === inode)
    if (same !== undefined) {
      const reader = this.#open(same.path, byte)
      if (this.#fits(reader, byte, sequence)) return reader
      reader.close()
    }
    if (sequence === 0) return this.#open(this.#path)
    // the last that may have it; else the first behind it, else what is there
    const numbered = files.filter(({ first }) => first > 0).sort((one, other) => one.first - other.first)
    const holding = numbered.filter(({ first }) => first <= sequence + 1).at(-1) ?? numbered[0]
    return this.#skip(this.#open(holding?.path ?? this.#path), sequence)
  }

  /** Whether the record with that number ends there, or the next one begins the file: the inode may be another file's by now. */
  #fits(reader: StoreReader, byte: number, sequence: number): boolean {
    if (!reader.begins(byte)) return false
    if (sequence === 0) return true
    if (byte > 0) {
      const before = reader.lineEndingAt(byte)
      return this.#format.isWhole(before) && this.#format.seqOf(before) === sequence
    }
    for (const { bytes } of reader.read()) {
      reader.goTo(byte)
      return this.#format.isWhole(bytes) && this.#format.seqOf(bytes) === sequence + 1
    }
    return true
  }

  #skip(reader: StoreReader, sequence: number): StoreReader {
    for (const { bytes, at } of reader.read())
      if (this.#format.isWhole(bytes) && this.#format.seqOf(bytes) > sequence) {
        reader.goTo(at)
        break
      }
    return reader
  }
}

/** What is wrong with the folder is told when the file is opened; one that may not be listed has files all the same. */
function segmentsIfListed(path: string): Segment[] {
  try {
    return segmentsOf(path)
  } catch {
    return []
  }
}
