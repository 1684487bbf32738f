/** A connection as a stream of Node's: what wants a net.Socket takes this. */
import { Duplex } from 'node:stream'
import type { WatchingConnection } from './contract.js'
import type { Taker } from './taker.js'

type Done = (error?: Error | null) => void

export class ConnectionStream extends Duplex {
  readonly #connection: WatchingConnection
  /** By which the connection hands over what comes. */
  readonly taker: Taker
  #sawEnd = false
  /** Nobody reads what may still come. */
  #leaving = false
  #timer: NodeJS.Timeout | undefined
  #timeoutMs = 0

  /** @param held bytes that have come before */
  constructor(connection: WatchingConnection, held: readonly Buffer[]) {
    if (!connection.reactor.inNode)
      throw new TypeError("stream(): needs Node's event loop, and this handler has `loop: 'none'`")
    super()
    this.#connection = connection
    this.taker = {
      push: (chunk) => this.#pushed(chunk),
      end: () => this.#ended(),
      close: (error) => this.#closed(error),
    }
    connection.pause()
    for (const chunk of held) this.push(chunk)
  }

  get remoteAddress(): string | undefined {
    return this.#connection.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#connection.remotePort
  }

  get remoteFamily(): string | undefined {
    const { family } = this.#connection.peer
    return family === 'unix' ? undefined : family
  }

  get localAddress(): string | undefined {
    return this.#connection.localAddress
  }

  get localPort(): number | undefined {
    return this.#connection.localPort
  }

  get bytesRead(): number {
    return this.#connection.bytesRead
  }

  get bytesWritten(): number {
    return this.#connection.bytesWritten
  }

  setNoDelay(on?: boolean): this {
    this.#connection.setNoDelay(on)
    return this
  }

  setKeepAlive(on?: boolean, afterMs?: number): this {
    this.#connection.setKeepAlive(on, afterMs)
    return this
  }

  /** As of net.Socket: tells of a silence by the event `timeout`, and does nothing else. */
  setTimeout(timeoutMs: number, told?: () => void): this {
    this.#timeoutMs = timeoutMs
    this.#moved()
    if (told !== undefined) {
      if (timeoutMs === 0) this.off('timeout', told)
      else this.once('timeout', told)
    }
    return this
  }

  /** Closes once all is written, and the client has had its time to take that. */
  destroySoon(): void {
    this.#leaving = true
    this.end()
    if (this.writableFinished) this.#connection.finish()
    else this.once('finish', () => this.#connection.finish())
  }

  /** The connection keeps its process alive, whatever is asked. */
  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {
    this.#connection.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#moved()
    try {
      const written = this.#connection.write(chunk)
      if (written === true) done()
      else
        written.then(
          () => done(),
          (error: Error) => done(error),
        )
    } catch (error) {
      done(error as Error)
    }
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', done)
  }

  override _final(done: Done): void {
    this.#connection.end()
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#timer)
    this.#connection.destroy()
    done(error)
  }

  #pushed(chunk: Buffer): void {
    this.#moved()
    if (!this.push(chunk)) this.#connection.pause()
  }

  #ended(): void {
    this.#sawEnd = true
    this.push(null)
  }

  #closed(error: Error | undefined): void {
    // both sides have ended: what has come may still be read
    if (error === undefined && this.writableEnded && this.#sawEnd && !this.#leaving) return
    // clients go away every day: only who asked to hear of it does
    this.destroy(this.listenerCount('error') > 0 ? error : undefined)
  }

  #moved(): void {
    clearTimeout(this.#timer)
    if (this.#timeoutMs > 0) this.#timer = setTimeout(() => this.emit('timeout'), this.#timeoutMs).unref()
  }
}
