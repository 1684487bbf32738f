/**
 * Timers of a blocking reactor: an unordered list. A process here has a handful, and the heap of src/reactor/timer-heap.ts costs a
 * connection process a quarter of its speed: its code does not survive the rehearsal as compiled.
 */
import type { Timer } from './reactor.js'

interface Entry {
  at: number
  fire: () => void
}

export class Timers {
  readonly #entries = new Set<Entry>()

  add(delayMs: number, fire: () => void): Timer {
    const entry = { at: performance.now() + delayMs, fire }
    this.#entries.add(entry)
    return { cancel: () => void this.#entries.delete(entry) }
  }

  /** Milliseconds to the next one, rounded up so that a wait never ends just before it; -1 without any. */
  untilNextMs(): number {
    if (this.#entries.size === 0) return -1
    let next = Number.POSITIVE_INFINITY
    for (const entry of this.#entries) next = Math.min(next, entry.at)
    return Math.max(0, Math.ceil(next - performance.now()))
  }

  /** Fires what is due. */
  fireDue(): void {
    if (this.#entries.size === 0) return
    const now = performance.now()
    for (const entry of this.#entries) if (entry.at <= now && this.#entries.delete(entry)) entry.fire()
  }
}
