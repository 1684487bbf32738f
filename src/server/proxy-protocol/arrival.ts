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

/** Told once how it ends. */
export interface Settle {
  /** @param relayed undefined where the proxy speaks for itself */
  arrived(relayed: Relayed | undefined): void
  /** The descriptor is closed. @param error undefined where whoever came has gone without a word, or was told to */
  refused(error: Error | undefined): void
}

export class Arrival implements Handshake {
  readonly #fd: number
  readonly #reactor: Reactor
  readonly #timeoutMs: number
  readonly #settle: Settle
  /** What was taken out of the socket, as long as it is not whole. */
  #taken: Buffer | undefined
  #watch: Watch | undefined
  #timer: Timer | undefined
  #settled: boolean

  constructor(fd: number, reactor: Reactor, timeoutMs: number, settle: Settle) {
    this.#fd = fd
    this.#reactor = reactor
    this.#timeoutMs = timeoutMs
    this.#settle = settle
    this.#taken = undefined
    this.#watch = undefined
    this.#timer = undefined
    this.#settled = false
  }

  /** Takes what has come of it, and waits for the rest. */
  take(): void {
    let relayed: Relayed | undefined
    try {
      const header = this.whole()
      if (header === undefined) return
      relayed = parseHeader(header)
    } catch (error) {
      this.fail(error as Error)
      return
    }
    this.stop()
    this.#settle.arrived(relayed)
  }

  fail(error: Error | undefined): void {
    if (this.#settled) return
    this.stop()
    close(this.#fd)
    this.#settle.refused(error)
  }

  destroy(): void {
    this.fail(undefined)
  }

  /** The header, valid until the next one; undefined as long as it is not whole. */
  private whole(): Buffer | undefined {
    for (;;) {
      const before = this.#taken === undefined ? 0 : this.#taken.length
      const count = peekNow(this.#fd, seenAddress, MOST_HEADER_BYTES - before)
      if (count === undefined) this.wait()
      else if (count === 0) this.ended(before)
      if (count === undefined || count === 0) return undefined
      const length = headerBytes(this.with(count))
      // of a unix socket a read ends where a message came with descriptors. unix(7)
      const taken = recvNow(this.#fd, seenAddress, length === undefined ? count : Math.min(count, length - before)) ?? 0
      const bytes = this.with(taken)
      if (bytes.length === length) return bytes
      this.#taken = Buffer.from(bytes)
    }
  }

  private with(count: number): Buffer {
    const bytes = seen.subarray(0, count)
    return this.#taken === undefined ? bytes : Buffer.concat([this.#taken, bytes])
  }

  private wait(): void {
    if (this.#watch !== undefined) return
    // bound, not arrows: calls of those would be counted
    this.#watch = this.#reactor.watch(this.#fd, READABLE, this.take.bind(this))
    this.#timer = this.#reactor.after(this.#timeoutMs, this.expire.bind(this))
  }

  private expire(): void {
    const came = `${this.#taken === undefined ? 0 : this.#taken.length} bytes came`
    this.fail(new ConnectionTimeout(`no whole header within ${this.#timeoutMs} ms: ${came}`))
  }

  /** A proxy, or whatever balances, looks in this way whether we are there. */
  private ended(came: number): void {
    this.fail(came === 0 ? undefined : new ProxyHeaderError(`the connection ended after ${came} bytes of a header`))
  }

  private stop(): void {
    this.#settled = true
    if (this.#watch !== undefined) this.#watch.stop()
    if (this.#timer !== undefined) this.#timer.cancel()
  }
}
