/** A connection whose bytes can be taken otherwise than by callbacks: awaited, as lines, as a stream. */
import type { Duplex } from 'node:stream'
import type { Reactor } from '../../reactor/reactor.js'
import { ConnectionStream } from './connection-stream.js'
import type { Accepted, WatchingConnection } from './contract.js'
import { KnownConnection } from './known-connection.js'
import type { ConnectionTerms } from './limits.js'
import type { LineOptions } from './line-options.js'
import { LineReader } from './line-reader.js'
import { PullReader } from './pull-reader.js'
import type { Taker } from './taker.js'

export abstract class TakenConnection extends KnownConnection {
  declare lost: Error | undefined
  declare fault: Error | undefined
  /** More may come from the client. */
  declare protected reading: boolean
  /** Undefined while it is the callback `data`. */
  declare protected taker: Taker | undefined
  declare private duplex: Duplex | undefined

  constructor(accepted: Accepted, reactor: Reactor, limits: ConnectionTerms) {
    super(accepted, reactor, limits)
    this.lost = undefined
    this.fault = undefined
    this.reading = true
    this.taker = undefined
    this.duplex = undefined
  }

  abstract pause(): void

  get streaming(): boolean {
    return this.duplex !== undefined
  }

  pull(): void {
    this.reader()
    this.pause()
  }

  read(): Promise<Buffer | undefined> {
    return this.reader().read()
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer, void, void> {
    return this.reader().iterator()
  }

  lines(options: LineOptions = {}): LineReader {
    return new LineReader(this.whole(), this.reader(), options)
  }

  stream(): Duplex {
    if (this.duplex === undefined) {
      const held = this.taker instanceof PullReader ? this.taker.giveUp() : []
      const stream = new ConnectionStream(this.whole(), held)
      this.duplex = stream
      this.take(stream.taker)
    }
    return this.duplex
  }

  protected abstract whole(): WatchingConnection

  /** Made when it is first needed; it has the connection paused until somebody waits. */
  private reader(): PullReader {
    if (this.taker instanceof PullReader) return this.taker
    if (this.taker !== undefined) throw new TypeError('the connection belongs to its stream(): read that')
    const reader = new PullReader(this.whole())
    this.take(reader)
    this.pause()
    return reader
  }

  /** Whoever starts late has missed an end. */
  private take(taker: Taker): void {
    this.taker = taker
    if (!this.reading) taker.end()
    if (this.closed) taker.close(this.lost)
  }
}
