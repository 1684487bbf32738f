/** How many workers to fork ahead, and how many to end: numbers in, numbers out. After Apache's prefork, but asked whenever one is short. */

/** Workers that are forked ahead of their clients. */
export interface AheadLimits {
  /** Free workers that there shall always be. */
  readonly minSpare: number
  /** Free workers above which some are ended. */
  readonly maxSpare: number
  /** Workers there are at most. */
  readonly maxWorkers: number
  /** How long one may take to its start, in milliseconds. */
  readonly startTimeoutMs: number
  /** So many in a row that end before they have served anybody, while no other is there, and the server gives up. */
  readonly maxStartFailures: number
}

/** As long as some are short again within this time, twice as many are forked each time that it passes. */
const STEP_MS = 1000
const MOST_AT_ONCE = 32

export class SparePolicy {
  readonly #limits: AheadLimits
  #atOnce = 1
  #steppedMs = Number.NEGATIVE_INFINITY
  #shortMs = Number.NEGATIVE_INFINITY

  constructor(limits: AheadLimits) {
    this.#limits = limits
  }

  /**
   * @param free workers without a client, those that start included
   * @param all workers
   */
  toFork(free: number, all: number, nowMs: number): number {
    const { minSpare, maxSpare, maxWorkers } = this.#limits
    if (free >= minSpare) return 0
    if (nowMs - this.#shortMs > STEP_MS) {
      this.#atOnce = 1
      this.#steppedMs = nowMs
    } else if (nowMs - this.#steppedMs >= STEP_MS) {
      this.#atOnce = Math.min(2 * this.#atOnce, MOST_AT_ONCE)
      this.#steppedMs = nowMs
    }
    this.#shortMs = nowMs
    const wanted = Math.max(minSpare - free, this.#atOnce)
    return Math.max(0, Math.min(wanted, maxSpare - free, maxWorkers - all))
  }

  /** @param fewest how many were free all the time, for a while */
  toEnd(fewest: number): number {
    return Math.max(0, fewest - this.#limits.maxSpare)
  }
}
