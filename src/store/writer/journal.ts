/**
 * What the next writer must know when this one is killed, in memory that the supervisor keeps: which message ends where
 * in the batch under way, and what is on disk although its sender was never told. Not a file: when the whole tree is
 * killed nobody is left to send anything again.
 *
 * Each change becomes valid by the store of one word. JavaScript stores are not reordered across the system calls
 * between them, and a killed process has made all its stores or a prefix of them.
 */
import type { Left } from '../file/resume.js'
import type { Batch } from './batch.js'
import {
  ACTIVE,
  BASE,
  BEGUN,
  COUNT,
  FAILED,
  FAILING,
  FIELDS,
  IDLE,
  INTENDED,
  JOURNAL_BYTES,
  JOURNAL_MESSAGES,
  LEFT,
  LEFT_FIELDS,
  LEFT_NOTES,
  PHASE,
  SEQ,
  STATE_WORDS,
  SYNCED,
  UNTOLD,
  UNTOLD_COUNT,
  UNTOLD_FIELDS,
} from './journal-layout.js'

/** On disk, but its sender may not know. */
export interface Untold {
  connection: number
  pid: number
  through: number
}

/** A message of the batch. */
interface Entry {
  connection: number
  pid: number
  message: number
  /** Where it ends in the file. */
  end: number
}

/** Tells senders apart: a number that a process gives to its connection says nothing of those of another. */
export const keyOf = (pid: number, connection: number): number => pid * 2 ** 31 + (connection % 2 ** 31)

export class Journal {
  readonly #state: Float64Array
  readonly #entries: Float64Array
  readonly #lists: [Float64Array, Float64Array]

  /** @param memory JOURNAL_BYTES, zero at first */
  constructor(memory: Buffer) {
    const numbers = new Float64Array(memory.buffer, memory.byteOffset, JOURNAL_BYTES / 8)
    this.#state = numbers.subarray(0, STATE_WORDS)
    this.#entries = numbers.subarray(STATE_WORDS, STATE_WORDS + JOURNAL_MESSAGES * FIELDS)
    const list = STATE_WORDS + JOURNAL_MESSAGES * FIELDS
    const half = UNTOLD * UNTOLD_FIELDS
    this.#lists = [numbers.subarray(list, list + half), numbers.subarray(list + half, list + 2 * half)]
  }

  /** To be called before a batch is written to a file of `base` bytes. */
  intend(base: number, batch: Batch): void {
    const entries = this.#entries
    for (let index = 0, at = 0; index < batch.count; index++, at += FIELDS) {
      const sender = batch.senderOf(index)
      entries[at] = sender.connection
      entries[at + 1] = sender.pid
      entries[at + 2] = batch.numberOf(index)
      entries[at + 3] = base + batch.endOf(index)
    }
    this.#state[SYNCED] = 0
    this.#state[COUNT] = batch.count
    this.#state[BASE] = base
    this.#state[SEQ] = batch.seq
    this.#state[PHASE] = INTENDED
  }

  /** The first so many messages of the batch are on disk. */
  synced(count: number): void {
    this.#state[SYNCED] = count
  }

  /** Whether a writer was at work before this one. */
  get begun(): boolean {
    return this.#get(BEGUN) === 1
  }

  begin(): void {
    this.#state[BEGUN] = 1
  }

  /** Notes whether batches fail; true when that is news. */
  failing(failing: boolean): boolean {
    const news = this.#get(FAILING) !== Number(failing)
    this.#state[FAILING] = Number(failing)
    return news
  }

  /** Whether the last batch failed. */
  get isFailing(): boolean {
    return this.#get(FAILING) === 1
  }

  /** By `keyOf`, what is on disk of connections that may not know it, without what is to be cut of the batch under way. Changes nothing. */
  known(): Map<number, Untold> {
    const known = new Map<number, Untold>()
    const note = this.#collect(known)
    if (this.#get(PHASE) === INTENDED)
      for (const { connection, pid, message } of this.#first(this.#get(SYNCED))) note(connection, pid, message)
    return known
  }

  /** A sync failed: nothing of the batch under way counts, if there is one, and it was not synced before. */
  fail(): void {
    if (this.#get(PHASE) === INTENDED && this.#get(SYNCED) === 0) this.#state[PHASE] = FAILED
  }

  /** Every sender of the batch was told. */
  done(left: Left): void {
    this.leave(left)
    this.#state[PHASE] = IDLE
  }

  /** Notes the file as it is now. */
  leave({ inode, length, seq }: Left): void {
    const spare = 1 - this.#get(LEFT)
    this.#state.set([inode, length, seq], LEFT_NOTES + spare * LEFT_FIELDS)
    this.#state[LEFT] = spare
  }

  /**
   * What is to be cut from the file: up to `whole` the batch of the killed writer is whole, behind `most` it has written nothing.
   * Undefined when it had none under way.
   */
  unfinished(fileLength: number): { whole: number; most: number } | undefined {
    const phase = this.#get(PHASE)
    if (phase === IDLE) return undefined
    let whole = Math.min(this.#get(BASE), fileLength)
    if (phase === INTENDED) for (const { end } of this.#within(fileLength)) whole = end
    const last = (this.#get(COUNT) - 1) * FIELDS + 3
    return { whole, most: Math.max(whole, this.#entries[last] as number) }
  }

  /** The file as it is once that is cut; undefined when no writer has got that far. */
  left(fileLength: number): Left | undefined {
    const at = LEFT_NOTES + this.#get(LEFT) * LEFT_FIELDS
    const [inode, length, seq] = this.#state.subarray(at, at + LEFT_FIELDS) as unknown as [number, number, number]
    if (inode === 0) return undefined
    const unfinished = this.unfinished(fileLength)
    if (unfinished === undefined) return { inode, length, seq }
    const stored = this.#get(PHASE) === INTENDED ? [...this.#within(unfinished.whole)].length : 0
    return { inode, length: unfinished.whole, seq: this.#get(SEQ) + Math.max(stored, this.#get(SYNCED)) }
  }

  /**
   * By `keyOf`, what is on disk of connections that may not know it, the killed writer's batch included. Also of processes that have
   * ended: what they have sent again before they did may still be on its way. To be called once the file is cut and synced.
   *
   * @param left the file as it is now
   * @param alive tells of a pid whether its process exists: of others nothing is kept when there is no room for all
   */
  takeOver(left: Left, alive: (pid: number) => boolean): Map<number, Untold> {
    const untold = new Map<number, Untold>()
    const note = this.#collect(untold)
    if (this.#get(PHASE) === INTENDED)
      for (const { connection, pid, message } of this.#within(left.length)) note(connection, pid, message)
    this.leave(left)
    if (untold.size > UNTOLD) for (const [key, { pid }] of untold) if (!alive(pid)) untold.delete(key)
    this.keep(untold)
    this.#state[PHASE] = IDLE
    return untold
  }

  /** Puts what is in the list into `untold`. Returns a function that adds to it. */
  #collect(untold: Map<number, Untold>) {
    const note = (connection: number, pid: number, through: number): void => {
      const key = keyOf(pid, connection)
      if (pid === 0 || through <= (untold.get(key)?.through ?? 0)) return
      untold.set(key, { connection, pid, through })
    }
    const active = this.#get(ACTIVE)
    const list = this.#lists[active] as Float64Array
    for (let at = 0; at < this.#get(UNTOLD_COUNT + active) * UNTOLD_FIELDS; at += UNTOLD_FIELDS)
      note(list[at] as number, list[at + 1] as number, list[at + 2] as number)
    return note
  }

  /** The connection was told. */
  told(pid: number, connection: number): void {
    const active = this.#get(ACTIVE)
    const list = this.#lists[active] as Float64Array
    for (let at = 0; at < this.#get(UNTOLD_COUNT + active) * UNTOLD_FIELDS; at += UNTOLD_FIELDS)
      if (list[at] === connection && list[at + 1] === pid) list[at + 1] = 0
  }

  /** Notes this in the place of what was. Fills the list that is not in use, and switches to it: a writer killed meanwhile leaves the old one. */
  keep(untold: ReadonlyMap<number, Untold>): void {
    if (untold.size > UNTOLD)
      throw new RangeError(`${untold.size} connections wait for a writer; at most ${UNTOLD} can`)
    const spare = 1 - this.#get(ACTIVE)
    const list = this.#lists[spare] as Float64Array
    let at = 0
    for (const { connection, pid, through } of untold.values()) {
      list[at] = connection
      list[at + 1] = pid
      list[at + 2] = through
      at += UNTOLD_FIELDS
    }
    this.#state[UNTOLD_COUNT + spare] = untold.size
    this.#state[ACTIVE] = spare
  }

  /** Entries of the batch that are within the file. */
  *#within(fileLength: number): Generator<Entry> {
    if (fileLength < this.#get(BASE)) return // cut by somebody else
    for (const entry of this.#first(this.#get(COUNT))) {
      if (entry.end > fileLength) return
      yield entry
    }
  }

  /** The first so many entries of the batch. */
  *#first(count: number): Generator<Entry> {
    for (let at = 0; at < count * FIELDS; at += FIELDS) {
      const [connection, pid, message, end] = this.#entries.subarray(at, at + FIELDS)
      yield { connection, pid, message, end } as Entry
    }
  }

  #get(word: number): number {
    return this.#state[word] as number
  }
}
