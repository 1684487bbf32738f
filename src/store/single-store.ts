/** The store of model `single`: the process that serves also writes, at once. */
import { EIO } from '../libc/constants.js'
import { PosixError } from '../libc/posix-error.js'
import type { Log } from '../supervisor/log.js'
import { NOTHING_PREPARED, type Prepared } from '../supervisor/supervised.js'
import { FileLink } from './connection/file-link.js'
import type { MakeLink } from './connection/link.js'
import type { Durability } from './durability.js'
import type { Format } from './file/format.js'
import type { Left } from './file/resume.js'
import { StoreError } from './file/store-error.js'
import type { AppendFile } from './file/store-file.js'
import { timedOnBoard } from './file/timed-on-board.js'
import { UnsyncedFile } from './file/unsynced-file.js'
import type { Sink, WritableSink } from './sinks/sink.js'
import { Batch } from './writer/batch.js'
import { type Committed, commit } from './writer/commit.js'

/** A file that could not be used is tried again after so long. */
const TRY_AGAIN_MS = 1000

export class SingleStore {
  readonly prepared: Prepared = NOTHING_PREPARED
  readonly #sink: Sink
  readonly #file: WritableSink
  readonly #appended: AppendFile
  readonly #format: Format
  readonly #durability: Durability
  readonly #log: Log
  /** What is gathered; not to be written while `#refusal` is there. */
  #batch: Batch
  /** The file has to be looked at before it is used again. */
  #distrusted = true
  /** Why it cannot be used. */
  #refusal: PosixError | undefined
  #triedMs = 0
  /** How long the file is without what was refused and could not be cut. */
  #uncut: number | undefined
  /** The file as it is, once it was used. */
  #left: Left | undefined
  /** It was said that nothing is stored, and not yet that it is again. */
  #failing = false
  readonly makeLink: MakeLink

  /** @throws {StoreError} {PosixError} when the file cannot be used */
  constructor(sink: Sink, run: string, durability: Durability, log: Log) {
    this.#durability = durability
    this.#sink = sink
    const file = sink.openForWriting()
    this.#file = file
    const timed = timedOnBoard(file)
    this.#appended = durability === 'disk' ? timed : new UnsyncedFile(file)
    this.#format = sink.layout
    this.#log = log
    this.#batch = this.#recover()
    this.makeLink = ({ id, peerName }, outbox, heard) => {
      const sender = { connection: id, pid: process.pid, name: `${run}-${id}`, peer: peerName }
      return new FileLink(this, sender, outbox, heard)
    }
  }

  awaitAnswers(): void {
    // each is stored when it is sent
  }

  rehearse(): void {
    // only children are rehearsed
  }

  rehearsed(): void {
    // as above
  }

  close(): void {
    this.#sink.close()
  }

  /** What is to be committed next. */
  get batch(): Batch {
    if (this.#batch.count > 0) return this.#batch
    if (this.#left !== undefined && !this.#file.isAsLeft(this.#left.length)) this.#distrusted = true
    if (this.#distrusted) this.#tryAgain()
    if (!this.#distrusted && this.#left !== undefined)
      this.#left = this.#file.tend?.(this.#left, this.#tell) ?? this.#left
    return this.#batch
  }

  /** Whatever comes of it, nothing of the batch is left to be committed by whoever comes next. */
  commit(batch: Batch): Committed {
    const refusal = this.#refusal
    const committed: Committed =
      refusal === undefined ? commit(batch, this.#appended) : { stored: 0, error: refusal, distrusted: true, length: 0 }
    batch.clear(committed.stored)
    if (refusal === undefined) this.#left = { inode: this.#file.inode, length: committed.length, seq: batch.seq }
    this.#uncut ??= committed.uncut
    if (committed.distrusted) this.#distrusted = true
    if (committed.error !== undefined) this.#fail(committed.error)
    else if (this.#failing) {
      this.#failing = false
      this.#log.info({}, 'storing again')
    }
    return committed
  }

  readonly #tell = (level: 'info' | 'warn', message: string): void => this.#log[level]({}, message)

  #fail(error: Error): void {
    if (!this.#failing)
      this.#log.warn({}, `not stored, and the senders are told, until it can be again: ${error.message}`)
    this.#failing = true
  }

  #tryAgain(): void {
    const now = performance.now()
    if (this.#refusal !== undefined && now - this.#triedMs < TRY_AGAIN_MS) return
    this.#triedMs = now
    try {
      this.#batch = this.#recover()
      this.#refusal = undefined
    } catch (error) {
      if (!(error instanceof PosixError || error instanceof StoreError)) throw error
      this.#fail(error)
      this.#refusal = error instanceof PosixError ? error : new PosixError(EIO, 'recover', { path: this.#file.path })
    }
  }

  #recover(): Batch {
    if (this.#uncut !== undefined && this.#file.length() > this.#uncut) this.#file.truncate(this.#uncut)
    this.#uncut = undefined
    const { seq, notes } = this.#file.resume(this.#left)
    for (const note of notes) this.#log.warn({}, note)
    this.#left = { inode: this.#file.inode, length: this.#file.length(), seq }
    this.#distrusted = false
    return new Batch(this.#format, seq, this.#durability)
  }
}
