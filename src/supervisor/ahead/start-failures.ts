/** Workers that cannot be forked, or end before they have served anybody: how long to rest, and when to give up. */
import type { Reactor, Timer } from '../../reactor/reactor.js'
import { BackOff } from '../back-off.js'
import { describeExit, EXIT } from '../exit-status.js'
import type { Log } from '../log.js'

const FIRST_REST_MS = 20
const LONGEST_REST_MS = 2000

/** Why a server cannot go on. */
export interface Failure {
  message: string
  exitCode: number
}

export class StartFailures {
  readonly #reactor: Reactor
  readonly #log: Log
  readonly #most: number
  readonly #rested: () => void
  readonly #backOff = new BackOff(FIRST_REST_MS, LONGEST_REST_MS)
  /** Nothing is forked until it fires. */
  #rest: Timer | undefined
  #failures = 0
  /** Connections that were accepted when the last start failed. */
  #acceptedBefore = 0
  /** Set once there were too many. */
  failure: Failure | undefined

  /**
   * @param most how many in a row, while no worker is ready
   * @param rested called when it may be tried again
   */
  constructor(reactor: Reactor, log: Log, most: number, rested: () => void) {
    this.#reactor = reactor
    this.#log = log
    this.#most = most
    this.#rested = rested
  }

  get resting(): boolean {
    return this.#rest !== undefined
  }

  stop(): void {
    this.#rest?.cancel()
  }

  cannotFork({ message, code }: NodeJS.ErrnoException): void {
    const first = this.#backOff.fresh
    const retryMs = this.#restAWhile()
    if (first) this.#log.error({ code, retryMs }, `cannot fork: ${message}`)
  }

  /**
   * @param accepted connections so far
   * @param someReady whether there are workers that have started well
   */
  failedToStart(status: number, accepted: number, someReady: boolean): void {
    if (accepted !== this.#acceptedBefore) {
      this.#failures = 0
      this.#backOff.succeeded()
    }
    this.#acceptedBefore = accepted
    this.#failures++
    this.#log.info({ role: 'prefork', waitMs: this.#restAWhile() }, 'restarting')
    if (this.#failures < this.#most || someReady) return
    const times = this.#failures === 1 ? 'a worker' : `${this.#failures} workers in a row`
    const message = `${times} ended before serving anybody, the last one ${describeExit(status)}`
    this.failure = { message, exitCode: EXIT.system }
  }

  #restAWhile(): number {
    const waitMs = this.#backOff.failed()
    this.#rest?.cancel()
    this.#rest = this.#reactor.after(waitMs, () => {
      this.#rest = undefined
      this.#rested()
    })
    return waitMs
  }
}
