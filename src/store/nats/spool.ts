/**
 * A spool: a store's file from which a forwarder publishes. It is cut into files, so that what was forwarded can be removed, has a bound,
 * and where messages are to be replicated, a batch is not synced before the stream has it.
 */
import { ENOSPC, POLLIN } from '../../libc/constants.js'
import { read } from '../../libc/fd.js'
import { PollSet } from '../../libc/poll.js'
import { PosixError } from '../../libc/posix-error.js'
import { _exit, getppid } from '../../libc/process.js'
import { REPLICATED } from '../durability.js'
import { ndjson } from '../file/formats/ndjson.js'
import { LineFile } from '../file/line-file.js'
import type { Left, Resumed } from '../file/resume.js'
import type { Appended } from '../file/store-file.js'
import type { Tell } from '../tell.js'
import { readOffset } from './offset-file.js'
import type { Progress } from './progress.js'
import { bytesOf, fullFiles, putAway } from './spool-files.js'

/** A file of the spool gets so much of its bound. */
const FILES = 8
const MOST_FILE_BYTES = 64 * 1024 * 1024
/** How often is looked whether there is a supervisor. */
const LOOK_MS = 200
const NEWLINE = 0x0a

export interface SpoolTerms {
  /** All its files together. */
  readonly mostBytes: number
  /** Whether senders wait for the stream: then a writer that takes over does before it tells any of them. */
  readonly replicated: boolean
  /** Becomes readable when the writer is to end. */
  readonly end: number
}

export class Spool extends LineFile {
  readonly #progress: Progress
  readonly #terms: SpoolTerms
  readonly #poll = new PollSet()
  readonly #parent = getppid()
  readonly #bytes = Buffer.alloc(4096)
  /** What was appended last, and where. */
  #appended: Buffer = Buffer.of()
  #at = 0
  /** Of the last record that was synced. */
  #sequence = 0
  /** Of the files that are written to no more, at least. */
  #fullBytes = 0

  constructor(path: string, fd: number, progress: Progress, terms: SpoolTerms, reopened?: (fd: number) => void) {
    super(path, fd, ndjson, reopened)
    this.#progress = progress
    this.#terms = terms
    this.#poll.add(progress.bell, POLLIN)
    this.#poll.add(terms.end, POLLIN)
  }

  /** Puts the file away when it has its share. */
  tend(left: Left, tell: Tell): Left {
    if (left.length < Math.min(this.#terms.mostBytes / FILES, MOST_FILE_BYTES)) return left
    try {
      // an answer may not have waited for the disk, and a start looks at the last file only
      super.sync()
      putAway(this.whole, left.seq)
      this.reopen()
    } catch (error) {
      // where it is put away already that is found with the next batch
      tell('warn', `${this.path}: not put away: ${(error as Error).message}`)
      return left
    }
    this.#fullBytes += left.length
    return { inode: this.inode, length: 0, seq: left.seq }
  }

  override append(bytes: Buffer): Appended {
    this.#at = this.length()
    this.#appended = Buffer.of()
    const room = this.#room(bytes)
    const appended = super.append(bytes.subarray(0, room))
    this.#appended = bytes.subarray(0, appended.written)
    if (room >= bytes.length || appended.error !== undefined) return appended
    const error = new PosixError(ENOSPC, 'write', { path: this.path }, 'the spool is full')
    return { written: appended.written, error }
  }

  override truncate(length: number): void {
    super.truncate(length)
    this.#appended = this.#appended.subarray(0, Math.max(0, length - this.#at))
  }

  override sync(wanted = 0): void {
    super.sync()
    this.settled()
    if (wanted >= REPLICATED) this.#waitForStream()
  }

  /** What was appended last may be forwarded. */
  settled(): void {
    const end = this.#appended.lastIndexOf(NEWLINE)
    if (end <= 0) return // nothing, or a newline that a record lacked
    const from = this.#appended.lastIndexOf(NEWLINE, end - 1) + 1
    this.#stored(ndjson.seqOf(this.#appended.subarray(from, end)))
    this.#appended = Buffer.of()
  }

  override resume(left: Left | undefined): Resumed {
    const { seq, notes } = super.resume(left)
    const last = Math.max(seq, readOffset(this.whole), fullFiles(this.whole).at(-1)?.last ?? 0)
    this.#fullBytes = bytesOf(fullFiles(this.whole))
    this.#stored(last)
    // at the start nobody waits
    if (this.#terms.replicated && left !== undefined) this.#waitForStream()
    return { seq: last, notes }
  }

  /** All through this record may be forwarded. */
  #stored(sequence: number): void {
    this.#sequence = sequence
    this.#progress.stored = sequence
    this.#progress.ring()
  }

  /** For how many of these bytes. A record that is larger than all of it has room when nothing waits. */
  #room(bytes: Buffer): number {
    const left = (): number => this.#terms.mostBytes - this.length() - this.#fullBytes
    if (left() >= bytes.length) return bytes.length
    this.#fullBytes = bytesOf(fullFiles(this.whole))
    const first = this.#progress.forwarded >= this.#sequence ? bytes.indexOf(NEWLINE) + 1 : 0
    return Math.min(Math.max(left(), first), bytes.length)
  }

  /**
   * Until it has all. Whoever is told to end meanwhile ends as if killed: nobody was told anything, and the next one knows what is there.
   */
  #waitForStream(): void {
    while (this.#progress.forwarded < this.#sequence) {
      this.#poll.poll(LOOK_MS)
      if (this.#poll.revents(1) !== 0) _exit(0)
      if (getppid() !== this.#parent) _exit(0)
      while ((read(this.#progress.bell, this.#bytes) ?? 0) === this.#bytes.length);
    }
  }
}
