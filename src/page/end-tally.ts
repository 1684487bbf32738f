/** Ends of a server's processes, counted by role and reason, although the scoreboard keeps only the last sixteen. */
import type { End } from '../observe/board.js'
import { describeExit } from '../supervisor/exit-status.js'

export interface EndCount {
  role: string
  reason: string
  count: number
}

/** What ended between two looks, and was not among the last any more at the second. */
const UNSEEN = 'unseen'

export class EndTally {
  readonly #counts = new Map<string, EndCount>()
  #reaped = 0

  /** @param ends newest first @param reaped all so far */
  add(ends: readonly End[], reaped: number): EndCount[] {
    const fresh = Math.max(0, reaped - this.#reaped)
    const seen = ends.slice(0, fresh)
    for (const { role, status } of seen) this.#count(role ?? 'process', describeExit(status), 1)
    if (fresh > seen.length) this.#count(UNSEEN, UNSEEN, fresh - seen.length)
    this.#reaped = reaped
    return [...this.#counts.values()].map((each) => ({ ...each }))
  }

  #count(role: string, reason: string, more: number): void {
    const key = `${role} ${reason}`
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, { role, reason, count: more })
    else known.count += more
  }
}
