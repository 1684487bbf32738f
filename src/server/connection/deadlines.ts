/** The deadlines of one connection: a first byte in time, no silence longer than allowed, and an end. */
import { nowMs } from '../../libc/clock.js'
import type { Reactor, Timer } from '../../reactor/reactor.js'
import { type ConnectionLimits, ConnectionTimeout } from './limits.js'

/** How long the client may go on sending after we have sent all; closing earlier would reset it and lose our last bytes. */
export const LINGER_MS = 2000

type Expire = (error: ConnectionTimeout) => void

/** Undefined without any: most connections of most servers. */
export const deadlinesOf = (limits: ConnectionLimits, reactor: Reactor, expire: Expire): Deadlines | undefined =>
  limits.firstByteTimeoutMs > 0 || limits.idleTimeoutMs > 0 || limits.maxConnectionMs > 0
    ? new Deadlines(limits, reactor, expire)
    : undefined

export class Deadlines {
  readonly #idleMs: number
  readonly #reactor: Reactor
  readonly #expire: Expire
  #timer: Timer | undefined
  #end: Timer | undefined
  #awaitingFirst: boolean
  #lastMove = 0

  constructor(limits: ConnectionLimits, reactor: Reactor, expire: Expire) {
    this.#idleMs = limits.idleTimeoutMs
    this.#reactor = reactor
    this.#expire = expire
    const { firstByteTimeoutMs: first, maxConnectionMs: most } = limits
    this.#awaitingFirst = first > 0
    if (first > 0)
      this.#timer = reactor.after(first, () => expire(new ConnectionTimeout(`no first byte within ${first} ms`)))
    else if (this.#idleMs > 0) this.watchIdle(this.#idleMs)
    if (most > 0) this.endAfter(most, `open for longer than ${most} ms`)
  }

  /** Bytes have come from the client. */
  received(): void {
    this.moved()
    if (!this.#awaitingFirst) return
    this.#awaitingFirst = false
    this.#timer?.cancel()
    this.#timer = undefined
    if (this.#idleMs > 0) this.watchIdle(this.#idleMs)
  }

  /** Bytes have moved, in either direction. */
  moved(): void {
    if (this.#idleMs > 0) this.#lastMove = nowMs()
  }

  /** The end comes this much later from now on, if there is to be one. */
  extend(ms: number): void {
    if (this.#end !== undefined) this.endAfter(ms, `open for longer than the ${ms} ms it was given`)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#end?.cancel()
  }

  private endAfter(ms: number, words: string): void {
    this.#end?.cancel()
    this.#end = this.#reactor.after(ms, () => this.#expire(new ConnectionTimeout(words)))
  }

  /** One timer a silence, not one a byte: when it fires it looks how much of the silence is left. */
  private watchIdle(delayMs: number): void {
    this.#timer = this.#reactor.after(delayMs, () => {
      const leftMs = this.#lastMove === 0 ? 0 : this.#idleMs - (nowMs() - this.#lastMove)
      if (leftMs <= 0) this.#expire(new ConnectionTimeout(`idle for ${this.#idleMs} ms`))
      else this.watchIdle(leftMs)
    })
  }
}
