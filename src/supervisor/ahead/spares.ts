/**
 * How many workers are free to take a client: counted by all of them in shared memory, with a bell by which the one that leaves too few
 * wakes the supervisor. A worker that dies between two of its steps is counted as gone, never as free: the bell may then ring too
 * often, but not too late.
 */
import { O_CLOEXEC, O_NONBLOCK } from '../../libc/constants.js'
import { pipe2, read, write } from '../../libc/fd.js'

/** Words of the shared memory. */
const FREE = 0
/** The fewest that were free since this was last asked for. */
const FEWEST = 1
/** The bell is rung by whoever leaves fewer free than this; once, until it is set again. */
const RING_BELOW = 2
/** Whether a worker that has started rings. */
const RING_WHEN_READY = 3
/** Numbers of 32 bits. */
export const SPARES_WORDS = 4

const stroke = Buffer.from('.')
const strokes = Buffer.alloc(64)

export class Spares {
  readonly #words: Int32Array
  readonly #bell = pipe2(O_CLOEXEC | O_NONBLOCK)

  /** @param words shared, and on a page that each worker writes to anyway */
  constructor(words: Int32Array) {
    this.#words = words
  }

  /** The supervisor's end of the bell, readable once it was rung. */
  get heard(): number {
    return this.#bell[0]
  }

  /** The workers' end. */
  get rope(): number {
    return this.#bell[1]
  }

  /** In a worker that has started. */
  ready(): void {
    if (this.#words[RING_WHEN_READY] !== 0) this.ring()
  }

  /** In a worker that has taken a client. */
  taken(): void {
    const words = this.#words
    const left = Atomics.sub(words, FREE, 1) - 1
    // without a lock: it is for the supervisor to know how many were never needed, and one more or less does not matter
    if (left < (words[FEWEST] as number)) words[FEWEST] = left
    if (left < (words[RING_BELOW] as number) && Atomics.exchange(words, RING_BELOW, 0) > 0) this.ring()
  }

  /** In a worker that takes clients again. */
  freed(): void {
    Atomics.add(this.#words, FREE, 1)
  }

  ring(): void {
    write(this.#bell[1], stroke)
  }

  /** In the supervisor, that was woken by the bell. */
  hear(): void {
    read(this.#bell[0], strokes)
  }

  /** A worker is about to be forked: it counts from now on. */
  forked(): void {
    Atomics.add(this.#words, FREE, 1)
  }

  /** A worker that counted has ended. */
  ended(): void {
    Atomics.sub(this.#words, FREE, 1)
  }

  /** Workers without a client, those that start included. */
  get free(): number {
    return Atomics.load(this.#words, FREE)
  }

  /** The fewest that were free since the last call. */
  takeFewest(): number {
    const fewest = this.#words[FEWEST] as number
    this.#words[FEWEST] = this.free
    return Math.min(fewest, this.free)
  }

  /** @param below 0 for never */
  ringBelow(below: number): void {
    Atomics.store(this.#words, RING_BELOW, below)
  }

  ringWhenReady(on: boolean): void {
    this.#words[RING_WHEN_READY] = on ? 1 : 0
  }

  /** @param last whether the worker that is rehearsed next is the first to start and the last free one, and rings for both */
  rehearse(last: boolean): void {
    this.#words[FEWEST] = last ? this.free + 1 : -1_000_000
    this.ringBelow(last ? this.free + 1 : 0)
    this.ringWhenReady(last)
  }

  /** Rehearsals are not remembered. */
  forgetPast(): void {
    this.#words.fill(0)
  }
}
