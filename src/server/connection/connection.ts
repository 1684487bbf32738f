/** One connection: half-close, back-pressure and deadlines, over any reactor. */
import { ECONNRESET, EPIPE } from '../../libc/constants.js'
import { PosixError } from '../../libc/posix-error.js'
import { DRAINS, READABLE, type Reactor, type Timer, type Watch, WRITABLE } from '../../reactor/reactor.js'
import { BYTES_WRITTEN, EXTENDED_UNTIL_MS, show } from '../../reactor/slot.js'
import type { TlsAgreement } from '../tls/agreement.js'
import type { Accepted, DuplexHandler, WatchingConnection } from './contract.js'
import { type Deadlines, deadlinesOf, LINGER_MS } from './deadlines.js'
import type { ConnectionTerms } from './limits.js'
import { READ_BYTES } from './read-buffer.js'
import { Sending } from './sending.js'
import { showFate, showReceived, showServed } from './shown.js'
import { TakenConnection } from './taken-connection.js'
import { SocketTransport, type Transport } from './transport.js'
import { HIGH_WATER_BYTES } from './unsent-bytes.js'

/** Reads without waiting when a connection starts; then its turn is over. */
const FIRST_READS = 4

export class SocketConnection extends TakenConnection implements WatchingConnection {
  bytesRead = 0
  readonly #handler: DuplexHandler
  readonly #transport: Transport
  readonly #sending: Sending
  /** The interest while it is read. */
  readonly #readable: number
  #watch: Watch | undefined
  readonly #deadlines: Deadlines | undefined
  #aborter: AbortController | undefined
  #linger: Timer | undefined
  #paused = false
  #discarding = false
  #closed = false

  constructor(accepted: Accepted, reactor: Reactor, handler: DuplexHandler, limits: ConnectionTerms) {
    super(accepted, reactor, limits)
    this.#handler = handler
    this.#transport = accepted.transport ?? new SocketTransport(accepted.fd)
    this.#sending = new Sending(this.#transport, this)
    // a read from a unix socket also ends where a message came with descriptors. unix(7)
    this.#readable = (accepted.proxy ?? accepted.peer).family === 'unix' ? READABLE : READABLE | DRAINS
    this.#deadlines = deadlinesOf(limits, reactor, (error) => this.lose(error))
  }

  get closed(): boolean {
    return this.#closed
  }

  get queuedBytes(): number {
    return this.#sending.queuedBytes
  }

  get bytesWritten(): number {
    return this.#sending.bytesWritten
  }

  get tls(): TlsAgreement | undefined {
    return this.#transport.tls
  }

  get signal(): AbortSignal {
    this.#aborter ??= new AbortController()
    if (this.#closed) this.#aborter.abort(this.lost)
    return this.#aborter.signal
  }

  /** Starts the handler. Most clients have sent something already, and many all they have: only the others are waited for. */
  start(): void {
    showServed(this.id, this.fd)
    const state = this.#handler.open?.(this)
    if (state !== undefined) this.state = state
    if (this.#handler.draining !== undefined) this.hearDraining()
    let reads = 0
    while (!this.#closed && this.wantsRead() && this.receive() && ++reads < FIRST_READS);
    if (this.#closed) return
    // bound, not an arrow: a call of that would be counted
    this.#watch = this.#transport.watch(this.reactor, 0, this.ready.bind(this))
    this.update()
  }

  write(data: Uint8Array | string): true | Promise<void> {
    if (this.lost !== undefined) throw this.lost
    if (this.#closed || this.#sending.state !== 'open') throw new PosixError(EPIPE, 'write', { address: this.peerName })
    const outcome = this.#sending.write(typeof data === 'string' ? Buffer.from(data) : data)
    if (outcome !== true) this.update()
    return outcome
  }

  end(): void {
    if (this.#sending.state !== 'open' || this.#closed) return
    this.#sending.state = 'ending'
    this.endIfSent()
  }

  extend(ms: number): void {
    show(EXTENDED_UNTIL_MS, Date.now() + ms)
    this.#deadlines?.extend(ms)
  }

  finish(): void {
    this.end()
    if (this.#closed) return
    this.#discarding = true
    this.#paused = false
    this.lingerIfSent()
    this.update()
    this.closeIfDone()
  }

  destroy(): void {
    if (this.#closed) return
    this.#closed = true
    this.#deadlines?.stop()
    this.#linger?.cancel()
    this.#watch?.stop()
    this.deafen?.()
    this.#transport.close()
    this.#sending.finish()
    this.taker?.close(this.lost)
    this.#aborter?.abort(this.lost)
    this.#handler.close?.(this)
  }

  pause(): void {
    this.#paused = true
    this.update()
  }

  resume(): void {
    this.#paused = false
    this.update()
  }

  private ready(readiness: number): void {
    showServed(this.id, this.fd)
    if (readiness & WRITABLE) this.flush()
    if (readiness & READABLE && !this.#closed && this.wantsRead()) this.receive()
  }

  protected whole(): this {
    return this
  }

  /** False when there was nothing to read. */
  private receive(): boolean {
    let taken: number | undefined
    try {
      taken = this.#transport.receive()
    } catch (error) {
      this.lose(error as Error)
      return true
    }
    if (taken === undefined) return false
    if (taken === 0) {
      this.reading = false
      this.update()
      this.taker?.end()
      if (!this.streaming) this.tellEnd()
      this.closeIfDone()
      return true
    }
    if (taken === READ_BYTES) this.#watch?.more()
    this.bytesRead += taken
    showReceived(this.row, taken)
    this.#sending.asked()
    this.#deadlines?.received()
    if (this.#discarding) return true
    if (this.taker !== undefined) this.taker.push(this.#transport.receivedToKeep(taken))
    else this.#handler.data?.(this, this.#transport.received(taken))
    return true
  }

  endByDefault(): void {
    if (this.taker === undefined) this.end()
  }

  private tellEnd(): void {
    if (this.#handler.end !== undefined) this.#handler.end(this)
    else this.endByDefault()
  }

  private hearDraining(): void {
    const tell = (): void => void (this.#closed || this.#handler.draining?.(this))
    if (this.draining.aborted) tell()
    else this.draining.addEventListener('abort', tell, { once: true })
  }

  moved(sent: number): void {
    this.row?.count(BYTES_WRITTEN, sent)
    this.#deadlines?.moved()
  }

  lose(error: Error): void {
    if (this.#closed || this.lost !== undefined) return
    this.lost = error
    showFate(this.row, error)
    const code = error instanceof PosixError ? -error.errno : 0
    // a client that goes away is everyday life: its handler sees `close`
    if (code !== ECONNRESET && code !== EPIPE) {
      this.limits.logLost?.(this, error)
      this.#handler.error?.(this, error)
    }
    this.destroy()
  }

  private flush(): void {
    if (!this.#sending.flush()) return
    this.update()
    if (this.queuedBytes > 0) return
    this.#sending.finish()
    if (!this.streaming) this.#handler.drain?.(this)
    if (!this.#closed) this.endIfSent()
  }

  private endIfSent(): void {
    if (!this.#sending.endIfSent(this.reading)) return
    this.lingerIfSent()
    this.closeIfDone()
  }

  private lingerIfSent(): void {
    if (this.#discarding && this.#sending.state === 'ended')
      this.#linger ??= this.reactor.after(LINGER_MS, () => this.destroy())
  }

  private closeIfDone(): void {
    if (this.#sending.state === 'ended' && !this.reading) this.destroy()
  }

  /** Whether anything can come of waiting for the client alone. */
  get waits(): boolean {
    return !this.#closed && (this.wantsRead() || this.queuedBytes > 0)
  }

  private wantsRead(): boolean {
    if (!this.reading || this.#paused) return false
    return this.#discarding || this.queuedBytes < HIGH_WATER_BYTES || this.isDuplex
  }

  /** Whether each direction goes on by itself, whatever waits in the other. */
  private get isDuplex(): boolean {
    return this.streaming || this.#handler.duplex === true
  }

  private update(): void {
    if (this.#closed) return
    this.#watch?.change((this.wantsRead() ? this.#readable : 0) | (this.queuedBytes > 0 ? WRITABLE : 0))
  }
}
