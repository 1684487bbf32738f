/** Who is told what became of the messages of a batch, and when: as soon as a message is as durable as its sender wants it, in the sender's order. */
import { MEMORY, type OS } from '../durability.js'
import type { Batch, Sender } from './batch.js'
import type { Committed } from './commit.js'

/** A sender that can be told. */
export interface Told extends Sender {
  /** @param sequence undefined where it is not known yet */
  stored(number: number, sequence: number | undefined): void
  failed(number: number): void
  /** Tells what was noted since the last call. Returns false when there is no room. */
  acknowledge(errno: number, atMs: number, reached: number): boolean
}

export class Telling {
  readonly #touched = new Set<Told>()
  readonly #deaf: (sender: Told) => void

  readonly #flush: () => void

  /**
   * @param deaf called for one that does not read what it is told
   * @param flush called when all have been told of a batch what can be told now
   */
  constructor(deaf: (sender: Told) => void, flush: () => void = () => {}) {
    this.#deaf = deaf
    this.#flush = flush
  }

  /** To whom it is enough that the batch has come so far; not before an earlier message of theirs that is not. */
  early(batch: Batch, reached: typeof MEMORY | typeof OS): void {
    if (batch.weakest > reached) return
    const waiting = new Set<Sender>()
    for (let index = 0; index < batch.count; index++) {
      if (batch.isTold(index)) continue
      const sender = batch.senderOf(index) as Told
      if (batch.wantedOf(index) > reached) waiting.add(sender)
      if (waiting.has(sender)) continue
      // what is in memory only may get another number, if it has to be written to another file
      sender.stored(batch.numberOf(index), reached === MEMORY ? undefined : batch.seq + index + 1)
      batch.tell(index)
      this.#touched.add(sender)
    }
    this.#acknowledge(0, batch.timeMs, reached)
  }

  /** To everybody else, once it is clear what is stored: to be called before the batch is cleared. */
  all(batch: Batch, committed: Committed): void {
    this.#first(batch.count, batch, committed)
    this.#acknowledge(-(committed.error?.errno ?? 0), batch.timeMs, committed.reached)
  }

  /** The same, of what is stored; what is not is tried again. */
  some(batch: Batch, committed: Committed): void {
    this.#first(committed.stored, batch, committed)
    this.#acknowledge(0, batch.timeMs, committed.reached)
  }

  #first(count: number, batch: Batch, { stored }: Committed): void {
    for (let index = 0; index < count; index++) {
      if (batch.isTold(index)) continue
      const sender = batch.senderOf(index) as Told
      if (index < stored) sender.stored(batch.numberOf(index), batch.seq + index + 1)
      else sender.failed(batch.numberOf(index))
      this.#touched.add(sender)
    }
  }

  #acknowledge(errno: number, atMs: number, reached: number): void {
    for (const sender of this.#touched) if (!sender.acknowledge(errno, atMs, reached)) this.#deaf(sender)
    this.#touched.clear()
    this.#flush()
  }
}
