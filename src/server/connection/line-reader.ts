/** `connection.lines()`: lines as they come, however the client's packets cut them. */
import type { WatchingConnection } from './contract.js'
import { ConnectionTimeout, LineTooLong } from './limits.js'
import { LineCutter } from './line-cutter.js'
import { checkLineOptions, type LineOptions } from './line-options.js'
import { MessageDeadline } from './message-deadline.js'
import type { PullReader, Waiter } from './pull-reader.js'

type Line = IteratorResult<string, void>

const FIRST_ROOM_BYTES = 2048
const NEWLINE = 0x0a
const RETURN = 0x0d
const ignore = (): void => {}
const DONE: Line = { done: true, value: undefined }

export class LineReader implements AsyncIterableIterator<string, void, void> {
  readonly #connection: WatchingConnection
  readonly #reader: PullReader
  readonly #options: ReturnType<typeof checkLineOptions>
  readonly #cutter: LineCutter
  readonly #deadline: MessageDeadline
  #waiter: Waiter | undefined
  /** While somebody waits for bytes. */
  #waiting: Promise<Buffer | undefined> | undefined
  #ended = false
  #done = false

  /** @throws {TypeError} {RangeError} bad options */
  constructor(connection: WatchingConnection, reader: PullReader, options: LineOptions) {
    this.#connection = connection
    this.#reader = reader
    this.#options = checkLineOptions(options)
    // one more, for the return of a line of full length whose newline is still to come
    this.#cutter = new LineCutter(this.#options.maxBytes + 1, Buffer.allocUnsafeSlow(FIRST_ROOM_BYTES))
    this.#deadline = new MessageDeadline(connection.reactor, this.#options.timeoutMs, () => this.#expire())
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<Line> {
    // a second call at the same time has its turn after the first
    while (this.#waiting !== undefined) await this.#waiting.then(ignore, ignore)
    if (this.#done) return DONE
    try {
      const line = this.#take() ?? (await this.#takeNext())
      if (line !== undefined) return { done: false, value: line }
    } catch (error) {
      this.#finish()
      throw error
    }
    this.#finish()
    return DONE
  }

  /** Leaves the connection open, and gives back what has come after the last line. */
  return(): Promise<Line> {
    this.#finish()
    const rest = this.#cutter.takeRest()
    if (rest.length > 0) this.#reader.unread(Buffer.from(rest))
    return Promise.resolve(DONE)
  }

  /** Undefined at the client's end. */
  async #takeNext(): Promise<string | undefined> {
    for (;;) {
      if (this.#cutter.refused) throw this.#tooLong()
      if (this.#ended) return undefined
      this.#deadline.saw(this.#cutter.completed, this.#cutter.partial)
      const chunk = await this.#wait()
      if (chunk !== undefined) this.#cutter.append(chunk)
      else {
        this.#ended = true
        this.#cutter.finish()
      }
      const line = this.#take()
      if (line === undefined) continue
      this.#deadline.stop()
      return line
    }
  }

  #take(): string | undefined {
    const bytes = this.#cutter.take()
    if (bytes === undefined) return undefined
    let end = bytes.length
    if (bytes[end - 1] === NEWLINE) {
      end--
      if (bytes[end - 1] === RETURN) end--
    }
    if (end > this.#options.maxBytes) throw this.#tooLong()
    return bytes.toString(this.#options.encoding, 0, end)
  }

  async #wait(): Promise<Buffer | undefined> {
    this.#waiting = new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
      this.#reader.take(this.#waiter)
    })
    try {
      return await this.#waiting
    } finally {
      this.#waiting = undefined
      this.#waiter = undefined
    }
  }

  #expire(): void {
    if (this.#waiter === undefined) return
    this.#reader.forget(this.#waiter)
    this.#waiter.reject(this.#blame(new ConnectionTimeout(`line not complete within ${this.#options.timeoutMs} ms`)))
  }

  #tooLong(): LineTooLong {
    return this.#blame(new LineTooLong(`line longer than ${this.#options.maxBytes} bytes`))
  }

  /** The client has done it, not the handler. */
  #blame<Fault extends Error>(fault: Fault): Fault {
    this.#connection.fault = fault
    return fault
  }

  #finish(): void {
    this.#done = true
    this.#deadline.stop()
  }
}
