/** A header on its way. What comes behind it stays in the socket. */
import { close } from '../../libc/fd.js'
import { fixedAddress } from '../../libc/ffi.js'
import { peekNow, recvNow } from '../../libc/stream.js'
import { READABLE, type Reactor, type Timer, type Watch } from '../../reactor/reactor.js'
import { ConnectionTimeout } from '../connection/limits.js'
import type { Handshake } from '../tls/endpoint.js'
import { headerBytes, MOST_HEADER_BYTES, parseHeader } from './header.js'
import { ProxyHeaderError } from './header-error.js'
import type { Relayed } from './relayed.js'

/** One header after the other is looked at here. */
const seen = Buffer.allocUnsafeSlow(MOST_HEADER_BYTES)
const seenAddress = fixedAddress(seen)
const NOTHING = Buffer.alloc(0)

/** Told once how it ends. */
export interface Settle {
  /** @param relayed undefined where the proxy speaks for itself */
  arrived(relayed: Relayed | undefined): void
  /** The descriptor is closed. @param error undefined where whoever came has gone without a word, or was told to */
  failed(error: Error | undefined): void
}

export class Arrival implements Handshake {
  readonly #fd: number
  readonly #reactor: Reactor
  readonly #timeoutMs: number
  readonly #settle: Settle
  /** What was taken out of the socket. */
  #taken: Buffer
  #watch: Watch | undefined
  #timer: Timer | undefined
  #settled: boolean

  constructor(fd: number, reactor: Reactor, timeoutMs: number, settle: Settle) {
    this.#fd = fd
    this.#reactor = reactor
    this.#timeoutMs = timeoutMs
    this.#settle = settle
    this.#taken = NOTHING
    this.#watch = undefined
    this.#timer = undefined
    this.#settled = false
  }

  /** Takes what has come of it, and waits for the rest. */
  take(): void {
    let relayed: Relayed | undefined
    try {
      if (!this.#takeAll()) return
      relayed = parseHeader(this.#taken)
    } catch (error) {
      this.fail(error as Error)
      return
    }
    this.#stop()
    this.#settle.arrived(relayed)
  }

  fail(error: Error | undefined): void {
    if (this.#settled) return
    this.#stop()
    close(this.#fd)
    this.#settle.failed(error)
  }

  destroy(): void {
    this.fail(undefined)
  }

  /** Reports whether it is whole. */
  #takeAll(): boolean {
    for (;;) {
      const before = this.#taken.length
      const count = peekNow(this.#fd, seenAddress, MOST_HEADER_BYTES - before)
      if (count === undefined) this.#wait()
      else if (count === 0) this.#ended()
      if (count === undefined || count === 0) return false
      const length = headerBytes(this.#with(count))
      const taken = recvNow(this.#fd, seenAddress, length === undefined ? count : Math.min(count, length - before))
      this.#taken = Buffer.from(this.#with(taken ?? 0))
      if (this.#taken.length === length) return true
    }
  }

  #with(count: number): Buffer {
    const bytes = seen.subarray(0, count)
    return this.#taken.length === 0 ? bytes : Buffer.concat([this.#taken, bytes])
  }

  #wait(): void {
    if (this.#watch !== undefined) return
    this.#watch = this.#reactor.watch(this.#fd, READABLE, () => this.take())
    this.#timer = this.#reactor.after(this.#timeoutMs, () => this.#expire())
  }

  #expire(): void {
    const came = `${this.#taken.length} bytes came`
    this.fail(new ConnectionTimeout(`no whole header within ${this.#timeoutMs} ms: ${came}`))
  }

  /** A proxy, or whatever balances, looks in this way whether we are there. */
  #ended(): void {
    const came = this.#taken.length
    this.fail(came === 0 ? undefined : new ProxyHeaderError(`the connection ended after ${came} bytes of a header`))
  }

  #stop(): void {
    this.#settled = true
    this.#watch?.stop()
    this.#timer?.cancel()
  }
}
