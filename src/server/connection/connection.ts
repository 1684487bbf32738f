/** One connection: partial writes, half-close, back-pressure and deadlines, over any reactor. */
import { formatAddress, type SocketAddress } from '../../libc/address.js'
import { ECONNRESET, EPIPE, SHUT_WR } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { shutdown } from '../../libc/socket.js'
import { DRAINS, READABLE, type Reactor, type Timer, type Watch, WRITABLE } from '../../reactor/reactor.js'
import type { Accepted, DuplexHandler, WatchingConnection } from './contract.js'
import { Deadlines, LINGER_MS, type TimeoutOptions } from './deadlines.js'
import { PullReader } from './pull-reader.js'
import { READ_BYTES, receive, received, send } from './read-buffer.js'
import { HIGH_WATER_BYTES, refused, UnsentBytes } from './unsent-bytes.js'

/** Reads without waiting when a connection starts; then its turn is over. */
const FIRST_READS = 4

export class SocketConnection implements WatchingConnection {
  readonly id: number
  readonly peer: SocketAddress
  bytesRead = 0
  bytesWritten = 0
  lost: Error | undefined
  readonly reactor: Reactor
  readonly #fd: number
  readonly #handler: DuplexHandler
  /** The interest while it is read. */
  readonly #readable: number
  #watch: Watch | undefined
  readonly #deadlines: Deadlines | undefined
  /** Made when the kernel first refuses some: most connections never have one. */
  #unsent: UnsentBytes | undefined
  #reader: PullReader | undefined
  #aborter: AbortController | undefined
  #linger: Timer | undefined
  #reading = true
  #paused = false
  #discarding = false
  #writing: 'open' | 'ending' | 'ended' = 'open'
  #closed = false

  constructor(accepted: Accepted, reactor: Reactor, handler: DuplexHandler, timeouts: TimeoutOptions) {
    this.#fd = accepted.fd
    this.id = accepted.id
    this.peer = accepted.peer
    this.reactor = reactor
    this.#handler = handler
    // a read from a unix socket also ends where a message came with descriptors. unix(7)
    this.#readable = accepted.peer.family === 'unix' ? READABLE : READABLE | DRAINS
    if (timeouts.firstByteTimeoutMs > 0 || timeouts.idleTimeoutMs > 0)
      this.#deadlines = new Deadlines(timeouts, reactor, (error) => {
        timeouts.timedOut?.(this, error)
        this.lose(error)
      })
  }

  get peerName(): string {
    return formatAddress(this.peer)
  }

  get closed(): boolean {
    return this.#closed
  }

  get queuedBytes(): number {
    return this.#unsent?.bytes ?? 0
  }

  get signal(): AbortSignal {
    this.#aborter ??= new AbortController()
    if (this.#closed) this.#aborter.abort(this.lost)
    return this.#aborter.signal
  }

  /** Starts the handler. Most clients have sent something already, and many all they have: only the others are waited for. */
  start(): void {
    this.#handler.open?.(this)
    let reads = 0
    while (!this.#closed && this.wantsRead() && this.receive() && ++reads < FIRST_READS);
    if (this.#closed) return
    this.#watch = this.reactor.watch(this.#fd, 0, this.#ready)
    this.update()
  }

  write(data: Uint8Array | string): true | Promise<void> {
    if (this.lost !== undefined) throw this.lost
    if (this.#closed || this.#writing !== 'open') throw new PosixError(EPIPE, 'write', { address: this.peerName })
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    let sent = 0
    if (this.queuedBytes === 0) {
      const taken = this.send(bytes)
      if (taken === undefined) return refused(this.lost)
      sent = taken
    }
    if (sent === bytes.length) return true
    this.#unsent ??= new UnsentBytes()
    const drained = this.#unsent.push(bytes.subarray(sent))
    this.update()
    return drained
  }

  end(): void {
    if (this.#writing !== 'open' || this.#closed) return
    this.#writing = 'ending'
    this.endIfSent()
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
    this.#unsent?.finish(this.lost)
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
    if (readiness & WRITABLE) this.flush()
    if (readiness & READABLE && !this.#closed && this.wantsRead()) this.receive()
  }

  /** False when there was nothing to read. */
  private receive(): boolean {
    let count: number | undefined
    try {
      count = receive(this.#fd)
    } catch (error) {
      this.lose(error as Error)
      return true
    }
    if (count === undefined) return false
    if (count === 0) {
      this.#reading = false
      this.update()
      this.#reader?.end()
      if (this.#handler.end !== undefined) this.#handler.end(this)
      else this.end()
      this.closeIfDone()
      return true
    }
    if (count === READ_BYTES) this.#watch?.more()
    this.bytesRead += count
    this.#deadlines?.received()
    if (this.#discarding) return true
    const chunk = received(count)
    if (this.#reader !== undefined) this.#reader.push(Buffer.from(chunk))
    else this.#handler.data?.(this, chunk)
    return true
  }

  /** Writes to the kernel; undefined when the connection was found lost. */
  private send(bytes: Uint8Array): number | undefined {
    try {
      const sent = send(this.#fd, bytes) ?? 0
      this.bytesWritten += sent
      if (sent > 0) this.#deadlines?.moved()
      return sent
    } catch (error) {
      this.lose(error as Error)
      return undefined
    }
  }

  private flush(): void {
    if (this.#unsent?.flush((bytes) => this.send(bytes)) === false) return
    this.update()
    if (this.queuedBytes > 0) return
    this.#unsent?.finish(this.lost)
    this.#handler.drain?.(this)
    if (!this.#closed) this.endIfSent()
  }

  private endIfSent(): void {
    if (this.#writing !== 'ending' || this.queuedBytes > 0) return
    this.#writing = 'ended'
    // closing, which follows at once when the client has ended too, says the same
    if (this.#reading) shutdown(this.#fd, SHUT_WR)
    this.lingerIfSent()
    this.closeIfDone()
  }

  private lingerIfSent(): void {
    if (this.#discarding && this.#writing === 'ended')
      this.#linger ??= this.reactor.after(LINGER_MS, () => this.destroy())
  }

  private closeIfDone(): void {
    if (this.#writing === 'ended' && !this.#reading) this.destroy()
  }

  private lose(error: Error): void {
    if (this.#closed || this.lost !== undefined) return
    this.lost = error
    const code = error instanceof PosixError ? -error.errno : 0
    // a client that goes away is everyday life: its handler sees `close`
    if (code !== ECONNRESET && code !== EPIPE) this.#handler.error?.(this, error)
    this.destroy()
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
