/** One connection: half-close, back-pressure and deadlines, over any reactor. */
import { formatAddress, type SocketAddress } from '../../libc/address.js'
import { ECONNRESET, EPIPE } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { DRAINS, READABLE, type Reactor, type Timer, type Watch, WRITABLE } from '../../reactor/reactor.js'
import { BYTES_READ, CONNECTION, count, DESCRIPTOR, EXTENDED_UNTIL_MS, MESSAGES, show } from '../../reactor/slot.js'
import type { Accepted, DuplexHandler, WatchingConnection } from './contract.js'
import { type Deadlines, deadlinesOf, LINGER_MS } from './deadlines.js'
import type { ConnectionLimits } from './limits.js'
import { PullReader } from './pull-reader.js'
import { READ_BYTES, receive, received } from './read-buffer.js'
import { Sending } from './sending.js'
import { HIGH_WATER_BYTES } from './unsent-bytes.js'

/** Reads without waiting when a connection starts; then its turn is over. */
const FIRST_READS = 4

export class SocketConnection implements WatchingConnection {
  readonly id: number
  readonly peer: SocketAddress
  bytesRead = 0
  lost: Error | undefined
  readonly reactor: Reactor
  readonly limits: ConnectionLimits
  readonly #fd: number
  readonly #handler: DuplexHandler
  readonly #sending: Sending
  /** The interest while it is read. */
  readonly #readable: number
  #watch: Watch | undefined
  readonly #deadlines: Deadlines | undefined
  #reader: PullReader | undefined
  #aborter: AbortController | undefined
  #linger: Timer | undefined
  #reading = true
  #paused = false
  #discarding = false
  #closed = false

  constructor(accepted: Accepted, reactor: Reactor, handler: DuplexHandler, limits: ConnectionLimits) {
    this.#fd = accepted.fd
    this.id = accepted.id
    this.peer = accepted.peer
    this.reactor = reactor
    this.limits = limits
    this.#handler = handler
    this.#sending = new Sending(accepted.fd, this)
    // a read from a unix socket also ends where a message came with descriptors. unix(7)
    this.#readable = accepted.peer.family === 'unix' ? READABLE : READABLE | DRAINS
    this.#deadlines = deadlinesOf(limits, reactor, (error) => this.lose(error))
  }

  get peerName(): string {
    return formatAddress(this.peer)
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

  get signal(): AbortSignal {
    this.#aborter ??= new AbortController()
    if (this.#closed) this.#aborter.abort(this.lost)
    return this.#aborter.signal
  }

  /** Starts the handler. Most clients have sent something already, and many all they have: only the others are waited for. */
  start(): void {
    this.showServed()
    this.#handler.open?.(this)
    let reads = 0
    while (!this.#closed && this.wantsRead() && this.receive() && ++reads < FIRST_READS);
    if (this.#closed) return
    this.#watch = this.reactor.watch(this.#fd, 0, this.#ready)
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
    close(this.#fd)
    this.#sending.finish()
    this.#reader?.close(this.lost)
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

  pull(): void {
    if (this.#reader === undefined) {
      this.#reader = new PullReader(this)
      // whoever starts reading late has missed these
      if (!this.#reading) this.#reader.end()
      if (this.#closed) this.#reader.close(this.lost)
    }
    this.pause()
  }

  read(): Promise<Buffer | undefined> {
    this.pull()
    return (this.#reader as PullReader).read()
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer, void, void> {
    this.pull()
    return (this.#reader as PullReader).iterator()
  }

  readonly #ready = (readiness: number): void => {
    this.showServed()
    if (readiness & WRITABLE) this.flush()
    if (readiness & READABLE && !this.#closed && this.wantsRead()) this.receive()
  }

  /** Whoever watches over this process learns whom it serves just now. */
  private showServed(): void {
    show(CONNECTION, this.id)
    show(DESCRIPTOR, this.#fd)
  }

  /** False when there was nothing to read. */
  private receive(): boolean {
    let taken: number | undefined
    try {
      taken = receive(this.#fd)
    } catch (error) {
      this.lose(error as Error)
      return true
    }
    if (taken === undefined) return false
    if (taken === 0) {
      this.#reading = false
      this.update()
      this.#reader?.end()
      if (this.#handler.end !== undefined) this.#handler.end(this)
      else this.end()
      this.closeIfDone()
      return true
    }
    if (taken === READ_BYTES) this.#watch?.more()
    this.bytesRead += taken
    count(BYTES_READ, taken)
    count(MESSAGES, 1)
    this.#deadlines?.received()
    if (this.#discarding) return true
    const chunk = received(taken)
    if (this.#reader !== undefined) this.#reader.push(Buffer.from(chunk))
    else this.#handler.data?.(this, chunk)
    return true
  }

  moved(): void {
    this.#deadlines?.moved()
  }

  lose(error: Error): void {
    if (this.#closed || this.lost !== undefined) return
    this.lost = error
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
    this.#handler.drain?.(this)
    if (!this.#closed) this.endIfSent()
  }

  private endIfSent(): void {
    if (!this.#sending.endIfSent(this.#reading)) return
    this.lingerIfSent()
    this.closeIfDone()
  }

  private lingerIfSent(): void {
    if (this.#discarding && this.#sending.state === 'ended')
      this.#linger ??= this.reactor.after(LINGER_MS, () => this.destroy())
  }

  private closeIfDone(): void {
    if (this.#sending.state === 'ended' && !this.#reading) this.destroy()
  }

  /** Whether anything can come of waiting for the client alone. */
  get waits(): boolean {
    return !this.#closed && (this.wantsRead() || this.queuedBytes > 0)
  }

  private wantsRead(): boolean {
    if (!this.#reading || this.#paused) return false
    return this.#discarding || this.queuedBytes < HIGH_WATER_BYTES || this.#handler.duplex === true
  }

  private update(): void {
    if (this.#closed) return
    this.#watch?.change((this.wantsRead() ? this.#readable : 0) | (this.queuedBytes > 0 ? WRITABLE : 0))
  }
}
