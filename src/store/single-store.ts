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
import type { Sink, WritableSink } from './sinks/sink.js'
import type { Tell } from './tell.js'
import { notStored, STORING_AGAIN, untilRoom, type WhenFull } from './when-full.js'
import { Batch, type Owed } from './writer/batch.js'
import { type Committed, commit } from './writer/commit.js'
import { Telling } from './writer/telling.js'

/** What the store keeps to. */
export interface SingleLimits {
  durability: Durability
  whenFull: WhenFull
}

/** A file that could not be used is tried again after so long. */
const TRY_AGAIN_MS = 1000

export class SingleStore {
  readonly prepared: Prepared = NOTHING_PREPARED
  readonly #sink: Sink
  readonly #file: WritableSink
  readonly #appended: AppendFile
  readonly #format: Format
  readonly #durability: Durability
  readonly #whenFull: WhenFull
  readonly #backOff = untilRoom()
  /** Until when nothing is tried again. */
  #restUntilMs = 0
  #ending = false
  #ended = false
  #committing = false
  /** To be written once the file can be used again. */
  #again: Owed[] = []
  readonly #telling = new Telling(() => {})
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
  constructor(sink: Sink, run: string, { durability, whenFull }: SingleLimits, log: Log) {
    this.#durability = durability
    this.#sink = sink
    const file = sink.openForWriting()
    this.#file = file
    const timed = timedOnBoard(file)
    this.#appended = timed
    this.#whenFull = whenFull
    this.#format = sink.layout
    this.#log = log
    this.#batch = this.#recover()
    this.makeLink = (owner, outbox, heard) => new FileLink(this, run, owner, outbox, heard)
  }

  /** What is to be committed next; undefined while nothing is to be tried. What waits in it goes first. */
  get batch(): Batch | undefined {
    if (this.#ended || this.#committing || (this.restMs > 0 && !this.#ending)) return undefined
    if (this.#batch.count === 0) {
      if (this.#left !== undefined && !this.#file.isAsLeft(this.#left.length)) this.#distrusted = true
      if (this.#distrusted) this.#tryAgain()
      if (this.#refusal !== undefined && this.#waits) this.#rest()
      if (!this.#distrusted && this.#left !== undefined)
        this.#left = this.#file.tend?.(this.#left, this.#tell) ?? this.#left
    }
    return this.restMs > 0 && !this.#ending ? undefined : this.#batch
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
    this.end()
    this.#sink.close()
  }

  /** For how long nothing is tried, in milliseconds: what cannot be stored waits. */
  get restMs(): number {
    return Math.max(this.#committing ? 1 : 0, this.#restUntilMs - performance.now())
  }

  get #waits(): boolean {
    return this.#whenFull === 'wait' && !this.#ending
  }

  #rest(): void {
    this.#restUntilMs = performance.now() + this.#backOff.failed()
  }

  /** Whatever comes of it, nothing of the batch is left to be committed by whoever comes next, unless it waits to be tried again. */
  commit(batch: Batch): void {
    const refusal = this.#refusal
    const committed: Committed =
      refusal === undefined
        ? commit(batch, this.#appended)
        : { stored: 0, reached: 0, error: refusal, distrusted: true, length: 0 }
    const { stored, error, distrusted } = committed
    if (error === undefined) this.#succeed()
    else this.#fail(error)
    if (refusal === undefined)
      this.#left = { inode: this.#file.inode, length: committed.length, seq: batch.seq + stored }
    this.#uncut ??= committed.uncut
    if (distrusted) this.#distrusted = true
    const waits = error !== undefined && this.#waits
    if (waits) this.#rest()
    this.#committing = true
    if (waits) this.#telling.some(batch, committed)
    else this.#telling.all(batch, committed)
    this.#committing = false
    if (waits && !distrusted) batch.keep(stored, batch.wantsSync)
    else {
      if (waits) this.#again = batch.messages()
      batch.clear(stored)
    }
  }

  /** One more attempt for what waits; what cannot be stored then is not. */
  end(): void {
    this.#ending = true
    const { batch } = this
    if (batch !== undefined && batch.count > 0) this.commit(batch)
    this.#ended = true
  }

  #succeed(): void {
    this.#backOff.succeeded()
    if (this.#failing) this.#log.info({}, STORING_AGAIN)
    this.#failing = false
  }

  readonly #tell: Tell = (level, message) => this.#log[level]({}, message)

  #fail(error: Error): void {
    if (!this.#failing) this.#log.warn({}, notStored(this.#whenFull, error))
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
    const batch = new Batch(this.#format, seq, this.#durability)
    for (const { sender, n, message, ...extras } of this.#again.splice(0)) batch.add(sender, n, message, extras)
    return batch
  }
}
