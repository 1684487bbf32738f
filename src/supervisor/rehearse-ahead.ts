/** What src/speed rehearses of a supervisor that forks ahead: each worker is forked for a client that waits already. */
import type { AheadLimits } from './spare-policy.js'
import type { Supervisor } from './supervisor.js'

/** Nothing is forked but what is asked for. */
export const NONE_AHEAD: AheadLimits = {
  minSpare: 0,
  maxSpare: 0,
  maxWorkers: Number.POSITIVE_INFINITY,
  startTimeoutMs: Number.POSITIVE_INFINITY,
  maxStartFailures: Number.POSITIVE_INFINITY,
}

/** A worker that would serve many finds nobody after its first client, and leaves: so it goes both ways. */
export const rehearsedRequests =
  (most: number): (() => number) =>
  () =>
    Math.min(most, 2)

export class OneAhead {
  readonly #supervisor: Supervisor

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
  }

  /** Forks; waits for the end of it unless it was imitated, and is over. */
  turn(): void {
    const supervisor = this.#supervisor
    if (!supervisor.hasChildren) supervisor.forkAhead()
    if (supervisor.hasChildren) supervisor.turn()
  }

  get reaped(): number {
    return this.#supervisor.reaped
  }

  close(): void {
    this.#supervisor.close()
  }
}
