/** Timers, however many: a binary heap by time, each timer knowing its place, so that cancelling is cheap too. */
import { nowMs } from '../libc/clock.js'
import type { Timer } from './reactor.js'

const GONE = -1

class Entry implements Timer {
  readonly #heap: Timers
  readonly at: number
  readonly fire: () => void
  /** In the heap; GONE once fired or cancelled. */
  place = GONE

  constructor(heap: Timers, at: number, fire: () => void) {
    this.#heap = heap
    this.at = at
    this.fire = fire
  }

  cancel(): void {
    if (this.place !== GONE) this.#heap.remove(this)
  }
}

export class Timers {
  /** The one at n is not later than those at 2n + 1 and 2n + 2. */
  readonly #heap: Entry[] = []

  get size(): number {
    return this.#heap.length
  }

  add(delayMs: number, fire: () => void): Timer {
    const entry = new Entry(this, nowMs() + delayMs, fire)
    this.#heap.push(entry)
    this.#rise(entry, this.#heap.length - 1)
    return entry
  }

  /** Milliseconds to the next one, rounded up so that a wait never ends just before it; -1 without any. */
  untilNextMs(): number {
    const next = this.#heap[0]
    return next === undefined ? -1 : Math.max(0, Math.ceil(next.at - nowMs()))
  }

  /** Fires what is due. */
  fireDue(): void {
    if (this.#heap.length === 0) return
    const now = nowMs()
    for (let next = this.#heap[0]; next !== undefined && next.at <= now; next = this.#heap[0]) {
      this.remove(next)
      next.fire()
    }
  }

  remove(entry: Entry): void {
    const { place } = entry
    const last = this.#heap.pop() as Entry
    entry.place = GONE
    if (last === entry) return
    this.#rise(last, place)
    this.#sink(last, last.place)
  }

  #rise(entry: Entry, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#heap[above] as Entry
      if (parent.at <= entry.at) break
      this.#put(parent, place)
      place = above
    }
    this.#put(entry, place)
  }

  #sink(entry: Entry, from: number): void {
    const heap = this.#heap
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && (heap[below + 1] as Entry).at < (heap[below] as Entry).at) below++
      const child = heap[below] as Entry
      if (entry.at <= child.at) break
      this.#put(child, place)
      place = below
    }
    this.#put(entry, place)
  }

  #put(entry: Entry, place: number): void {
    this.#heap[place] = entry
    entry.place = place
  }
}
