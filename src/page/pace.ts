/** How often something costly may be done: for a share of a core over time, with something saved for a start. */

/** Of one core. */
const SHARE = 0.03
/** What was not used of it may be used later, for the first looks above all, which are the most costly. */
const MOST_SAVED_MS = 500

export class Pace {
  readonly #leastMs: number
  /** CPU time that may be used at once; below zero after more than that. */
  #savedMs = MOST_SAVED_MS
  #lastMs = 0
  /** Until the next time. */
  everyMs = 0

  /** @param leastMs between two times */
  constructor(leastMs: number) {
    this.#leastMs = leastMs
  }

  /** A timer of this very interval may come a little early. */
  isDue = (nowMs: number): boolean => nowMs - this.#lastMs >= this.everyMs * 0.9

  done(nowMs: number, cpuMs: number): void {
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + (nowMs - this.#lastMs) * SHARE) - cpuMs
    this.#lastMs = nowMs
    this.everyMs = Math.max(this.#leastMs, Math.ceil(-this.#savedMs / SHARE))
  }
}
