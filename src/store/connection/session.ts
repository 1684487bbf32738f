/** One client of the store: its lines go to the file, and come back once they are there. */
import type { WatchingConnection } from '../../server/connection/contract.js'
import { MessageDeadline } from '../../server/connection/message-deadline.js'
import type { Link, MakeLink } from './link.js'
import { Outbox } from './outbox.js'
import { refusal } from './refusal.js'

/** What a client may send as one message. */
export interface MessageLimits {
  readonly maxMessageBytes: number
  /** From its first byte to its last; 0 for ever. */
  readonly messageTimeoutMs: number
}

export class Session {
  readonly #connection: WatchingConnection
  readonly #outbox: Outbox
  readonly #link: Link
  readonly #limits: MessageLimits
  readonly #deadline: MessageDeadline
  readonly #logRefusal: (connection: WatchingConnection, reason: string) => void
  /** Why the client is sent away. */
  #refused = ''
  #inputEnded = false
  #finished = false
  #paused = false

  /**
   * @param makeRoom gives memory to begin with, that no other session of this process uses meanwhile
   * @param logRefusal told why a client is sent away
   */
  constructor(
    connection: WatchingConnection,
    limits: MessageLimits,
    makeLink: MakeLink,
    makeRoom: () => Buffer,
    logRefusal: (connection: WatchingConnection, reason: string) => void,
  ) {
    this.#logRefusal = logRefusal
    this.#connection = connection
    this.#limits = limits
    this.#outbox = new Outbox(limits.maxMessageBytes, makeRoom())
    this.#deadline = new MessageDeadline(connection.reactor, limits.messageTimeoutMs, this.expire.bind(this))
    this.#link = makeLink(connection, this.#outbox, this.answer.bind(this))
  }

  data(chunk: Buffer): void {
    const outbox = this.#outbox
    outbox.append(chunk)
    this.#deadline.saw(outbox.completed, outbox.partial)
    this.goOn()
  }

  /** The client sends no more. */
  end(): void {
    this.#deadline.stop()
    this.#outbox.finish()
    this.#inputEnded = true
    this.goOn()
  }

  /** The client is gone; what it has sent is stored all the same. */
  close(): void {
    this.#deadline.stop()
    this.#link.close()
  }

  private expire(): void {
    this.#refused = `message not complete within ${this.#limits.messageTimeoutMs} ms`
    this.#outbox.close()
    this.goOn()
  }

  private goOn(): void {
    this.#link.flush()
    const outbox = this.#outbox
    const full = outbox.backlog || outbox.refused
    if (full !== this.#paused && !this.#connection.closed) {
      this.#paused = full
      if (full) this.#connection.pause()
      else this.#connection.resume()
    }
    if (outbox.answered) this.endIfDone()
  }

  /** Everything before has been answered. */
  private endIfDone(): void {
    if (this.#finished || this.#connection.closed) return
    if (this.#outbox.refused) {
      this.#finished = true
      const reason = this.#refused || `message longer than ${this.#limits.maxMessageBytes} bytes`
      this.#logRefusal(this.#connection, reason)
      this.#connection.write(`error: ${reason}\n`)
      this.#connection.finish()
    } else if (this.#inputEnded) {
      this.#finished = true
      this.#connection.end()
    }
  }

  /** Stored messages go back as they came, newline and all; each that is not becomes an error line. */
  private answer(through: number, errno: number): void {
    const count = through - this.#outbox.acknowledged
    const bytes = this.#outbox.acknowledge(through)
    if (bytes.length > 0 && !this.#connection.closed)
      this.#connection.write(errno === 0 ? bytes : `${refusal(errno)}\n`.repeat(count))
    this.goOn()
  }
}
