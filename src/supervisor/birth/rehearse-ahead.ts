/** What src/speed rehearses of a supervisor that forks ahead: each worker is forked for a client that waits already. */
import { close } from '../../libc/fd.js'
import { awaitInput } from '../../libc/poll.js'
import type { AheadLimits } from '../ahead/spare-policy.js'
import type { Spares } from '../ahead/spares.js'
import type { Supervisor } from '../supervisor.js'

/** More than any worker lives to serve; a small integer to V8. */
export const ANY_REQUESTS = 1_000_000_000

/** One is short always, and none may be free: nothing is forked but what is asked for. */
export const NONE_AHEAD: AheadLimits = {
  minSpare: 1,
  maxSpare: 0,
  maxWorkers: ANY_REQUESTS,
  startTimeoutMs: ANY_REQUESTS,
  maxStartFailures: ANY_REQUESTS,
}

/** A worker that would serve many finds nobody after its first client, and leaves: so it goes both ways. */
export const REHEARSED_REQUESTS = 2
/** On loopback a client is there at once, but for a machine that is very busy. */
const CLIENT_MS = 1000

export class OneAhead {
  readonly #supervisor: Supervisor
  readonly #spares: Spares
  readonly #listener: number
  #workers = 0

  constructor(supervisor: Supervisor, spares: Spares, listener: number) {
    this.#supervisor = supervisor
    this.#spares = spares
    this.#listener = listener
  }

  /** Forks; waits for the end of it unless it was imitated, and is over. */
  run(turns: number): void {
    const supervisor = this.#supervisor
    if (!supervisor.hasChildren) {
      // the listener does not block, and a worker that finds nobody leaves
      awaitInput(this.#listener, CLIENT_MS)
      // every second one of those that are imitated, and of those with a slow client
      this.#spares.rehearse(((this.#workers++ >> 2) & 1) === 0)
      supervisor.forkAhead()
    }
    if (supervisor.hasChildren) supervisor.run(turns)
  }

  get reaped(): number {
    return this.#supervisor.reaped
  }

  close(): void {
    this.#supervisor.close()
    close(this.#listener)
  }
}
