/** The deadlines of one connection: a first byte in time, and no silence longer than allowed. */
import type { SocketAddress } from '../../libc/address.js'
import type { Reactor, Timer } from '../../reactor/reactor.js'

export interface TimeoutOptions {
  /** How long a client may take to send its first byte, in milliseconds; 0 for ever. */
  firstByteTimeoutMs: number
  /** How long nothing may move in either direction, in milliseconds; 0 for ever. */
  idleTimeoutMs: number
  /** Told of a connection that is about to be closed for it. */
  readonly timedOut?: ((connection: { id: number; peer: SocketAddress }, error: ConnectionTimeout) => void) | undefined
}

/** How long the client may go on sending after we have sent all; closing earlier would reset it and lose our last bytes. */
export const LINGER_MS = 2000

/** A deadline passed. */
export class ConnectionTimeout extends Error {
  override readonly name = 'ConnectionTimeout'
  readonly code = 'ETIMEDOUT'
}

export class Deadlines {
  readonly #idleMs: number
  readonly #reactor: Reactor
  readonly #expire: (error: ConnectionTimeout) => void
  #timer: Timer | undefined
  #awaitingFirst: boolean
  #lastMove = 0

  constructor(options: TimeoutOptions, reactor: Reactor, expire: (error: ConnectionTimeout) => void) {
    this.#idleMs = options.idleTimeoutMs
    this.#reactor = reactor
    this.#expire = expire
    const first = options.firstByteTimeoutMs
    this.#awaitingFirst = first > 0
    if (first > 0)
      this.#timer = reactor.after(first, () => expire(new ConnectionTimeout(`no first byte within ${first} ms`)))
    else if (this.#idleMs > 0) this.watchIdle(this.#idleMs)
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
    if (this.#idleMs > 0) this.#lastMove = performance.now()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** One timer a silence, not one a byte: when it fires it looks how much of the silence is left. */
  private watchIdle(delayMs: number): void {
    this.#timer = this.#reactor.after(delayMs, () => {
      const leftMs = this.#lastMove === 0 ? 0 : this.#idleMs - (performance.now() - this.#lastMove)
      if (leftMs <= 0) this.#expire(new ConnectionTimeout(`idle for ${this.#idleMs} ms`))
      else this.watchIdle(leftMs)
    })
  }
}
