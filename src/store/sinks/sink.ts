/**
 * What a sink is: a place where messages go, by the scheme of `--to`. Each is a value of type `SinkKind`; src/store/sinks/index.ts lists
 * them. The supervisor opens it; whoever writes to it, the writer or the one process where nothing is forked, has it as a `WritableSink`.
 */
import type { Log } from '../../supervisor/log.js'
import type { Service } from '../../supervisor/services.js'
import type { Replication } from '../connection/until-replicated.js'
import type { Durability } from '../durability.js'
import type { Format } from '../file/format.js'
import type { Line } from '../file/reader.js'
import type { Left, Resumed } from '../file/resume.js'
import type { AppendFile } from '../file/store-file.js'
import type { Place } from '../reading/offset.js'
import type { SegmentLimits } from '../segments/limits.js'
import type { Tell } from '../tell.js'

/** What a user may want of a sink. */
export interface SinkOptions extends SegmentLimits {
  readonly durability: Durability
  /** Of a sink that keeps messages on disk before they go elsewhere: where; undefined for where it is by default. */
  readonly spool?: string | undefined
  /** The most that the spool's files have together. */
  readonly spoolBytes: number
}

/** What the server that opens a sink is like. */
export interface SinkSetting extends SinkOptions {
  /** Whether the writer and the sink's own services are forked processes; else the process that opens it writes. */
  readonly forks: boolean
  readonly log: Log
}

/** The sink of a process that writes to it. There is one such process at a time. */
export interface WritableSink extends AppendFile {
  /** How errors call it. */
  readonly path: string
  /** Tells what the sink's name has stood for apart: another number means that something else is there, which begins with a length of its own. */
  readonly inode: number
  /** Whether its name stands for something else by now. */
  readonly moved: boolean
  /**
   * Puts it in order before anything is appended, be it at the start, after a writer that was killed, or because it is not as it was left.
   *
   * @param left undefined when the server has not written yet
   * @throws {StoreError} when somebody else has written to it, it is damaged, or it is no store
   * @throws {PosixError} when it cannot be opened, cut or synced
   */
  resume(left: Left | undefined): Resumed
  /** At the end of the process that writes. */
  close(): void
  /**
   * What is to be done between two batches, and every minute or so when there are none: it may go on in another place.
   *
   * @param left as it was left, and is
   * @returns where to go on
   */
  tend?(left: Left, tell: Tell): Left
}

/** A sink that a server has open. */
export interface Sink {
  /** How errors call it. */
  readonly path: string
  /** How a batch's messages become the bytes that are appended. */
  readonly layout: Format
  /** What the supervisor keeps open for one writer after the other: not for processes that serve connections. */
  readonly descriptors: readonly number[]
  /** Processes that it wants beside the writer. They are started with the writer; each closes in `close` what it must not hold of the sink's. */
  readonly services: readonly Service[]
  /** How far its cluster is, for every process; left out where it has none. */
  readonly replication?: Replication
  /**
   * For the process that writes, in that process.
   *
   * @throws {StoreError} {PosixError}
   */
  openForWriting(): WritableSink
  /** At the end of the one process where nothing is forked. */
  close(): void
}

/** What is wanted of a sink by somebody who reads it. */
export interface ReadWish {
  /** Only what comes behind it. */
  readonly after?: Place | undefined
  /** Records of before may be left out; who reads has to look all the same. */
  readonly since?: Date | undefined
  /** All but so many of the last records may be left out; who reads has to count all the same. */
  readonly last?: number | undefined
  /** Told of what was found when it was read on. */
  changed(change: 'cut' | 'moved'): void
}

/** Reads a sink, also while a server writes to it. */
export interface SinkReader {
  /** Behind the last line that `read` gave. */
  readonly place: Place
  /** The records up to the present end, each as a line of the kind's `format`. To be called again for what has come since. */
  read(): Generator<Line>
  /** What lies behind the last of these: a server may be writing it. */
  readonly incompleteBytes: number
  /** Its first bytes, at most 64. */
  beginning(): Buffer
  /** What is wrong with it beside its records; undefined where that is all there is to look at. */
  faults?(): string[]
  close(): void
}

export interface SinkKind {
  /** How it is written: `text:FILE`. */
  readonly form: string
  /** What stands behind an answer, in a sentence. */
  readonly promise: string
  /** How readers give its records. */
  readonly format: Format
  /** It can be in several files, one after the other: the options of `SegmentLimits` are for it. */
  readonly rotates?: true
  /** A message must have no newline in it. */
  readonly linesOnly?: true
  /** It is reached through a spool on disk, and may have a message `replicated`. */
  readonly spools?: true
  /** How many `services` it has. */
  readonly services?: number
  /** @throws {TypeError} when there is no such place; undefined where any name will do */
  check?(name: string, place: string): void
  /**
   * Called once, in the supervisor before anything is forked, or in the one process where nothing is.
   *
   * @throws {StoreError} in use, damaged, no store, or a package that it needs is not installed: one sentence that says what to do
   * @throws {PosixError} EACCES, ENOENT, …
   */
  open(place: string, setting: SinkSetting): Sink
  /**
   * @throws {StoreError} a package that it needs is not installed
   * @throws {Error} ENOENT, EACCES, …
   */
  read(place: string, wish: ReadWish): SinkReader
}
