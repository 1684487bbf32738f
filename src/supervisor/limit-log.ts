/** Says once, for each time that a server is full, how many clients wait for it. */
import type { Reactor, Timer } from '../reactor/reactor.js'
import type { Log } from './log.js'

const LOOK_MS = 1000
/** Looks without anybody waiting after which it is over. */
const QUIET_LOOKS = 5

export class LimitLog {
  readonly #reactor: Reactor
  readonly #log: Log
  readonly #maxConnections: number
  readonly #waiting: () => number
  #timer: Timer | undefined
  #full = false
  #quiet = 0
  #most = 0
  #sinceMs = 0
  /** It was said. */
  #said = false

  /** @param waiting how many clients wait in the kernel's queues, as far as it tells */
  constructor(reactor: Reactor, log: Log, maxConnections: number, waiting: () => number) {
    this.#reactor = reactor
    this.#log = log
    this.#maxConnections = maxConnections
    this.#waiting = waiting
  }

  /** No more are accepted. */
  reached(): void {
    this.#full = true
    if (this.#timer !== undefined) return
    this.#sinceMs = Date.now()
    this.#timer = this.#reactor.after(LOOK_MS, this.#look)
  }

  /** There is room again. */
  left(): void {
    this.#full = false
  }

  /** The server ends. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  readonly #look = (): void => {
    const waiting = this.#full ? this.#waiting() : 0
    this.#most = Math.max(this.#most, waiting)
    this.#quiet = waiting > 0 ? 0 : this.#quiet + 1
    const { maxConnections, ms } = { maxConnections: this.#maxConnections, ms: Date.now() - this.#sinceMs }
    if (waiting > 0 && !this.#said) {
      this.#said = true
      this.#log.warn({ maxConnections, waiting, ms }, 'all connections are taken: clients wait')
    }
    this.#timer = undefined
    if (this.#quiet < QUIET_LOOKS) {
      this.#timer = this.#reactor.after(LOOK_MS, this.#look)
      return
    }
    if (this.#said) this.#log.info({ maxConnections, mostWaiting: this.#most, ms }, 'nobody waits any more')
    this.#said = false
    this.#quiet = 0
    this.#most = 0
  }
}
