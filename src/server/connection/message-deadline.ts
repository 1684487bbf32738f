/** How long a message may take from its first byte to its last: a client that sends a byte a second passes every other time-out. */
import type { Reactor, Timer } from '../../reactor/reactor.js'

export class MessageDeadline {
  readonly #reactor: Reactor
  readonly #timeoutMs: number
  readonly #expire: () => void
  #timer: Timer | undefined
  /** How many were complete when the one that is waited for began. */
  #completed = 0

  /** @param timeoutMs 0 for ever */
  constructor(reactor: Reactor, timeoutMs: number, expire: () => void) {
    this.#reactor = reactor
    this.#timeoutMs = timeoutMs
    this.#expire = expire
  }

  /**
   * Bytes have come.
   *
   * @param completed messages so far
   * @param partial whether another has begun
   */
  saw(completed: number, partial: boolean): void {
    if (this.#timeoutMs === 0) return
    if (partial && this.#timer !== undefined && completed === this.#completed) return
    this.stop()
    this.#completed = completed
    if (partial) this.#timer = this.#reactor.after(this.#timeoutMs, this.#expire)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
