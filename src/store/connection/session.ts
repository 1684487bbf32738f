/** One client of the store: its lines go to the file, and come back once they are there. */
import { getSystemErrorMap } from '../../libc/node-util.js'
import type { WatchingConnection } from '../../server/connection/contract.js'
import type { Link, MakeLink } from './link.js'
import { Outbox } from './outbox.js'

export class Session {
  readonly #connection: WatchingConnection
  readonly #outbox: Outbox
  readonly #link: Link
  readonly #maxMessageBytes: number
  readonly #refused: (connection: WatchingConnection, reason: string) => void
  #inputEnded = false
  #finished = false
  #paused = false

  /**
   * @param makeRoom gives memory to begin with, that no other session of this process uses meanwhile
   * @param refused told why the connection is about to be ended
   */
  constructor(
    connection: WatchingConnection,
    maxMessageBytes: number,
    makeLink: MakeLink,
    makeRoom: () => Buffer,
    refused: (connection: WatchingConnection, reason: string) => void,
  ) {
    this.#refused = refused
    this.#connection = connection
    this.#maxMessageBytes = maxMessageBytes
    this.#outbox = new Outbox(maxMessageBytes, makeRoom())
    this.#link = makeLink(connection, this.#outbox, (through, errno) => this.#answer(through, errno))
  }

  data(chunk: Buffer): void {
    this.#outbox.append(chunk)
    this.#goOn()
  }

  /** The client sends no more. */
  end(): void {
    this.#outbox.finish()
    this.#inputEnded = true
    this.#goOn()
  }

  /** The client is gone; what it has sent is stored all the same. */
  close(): void {
    this.#link.close()
  }

  #goOn(): void {
    this.#link.flush()
    const outbox = this.#outbox
    const full = outbox.backlog || outbox.tooLong
    if (full !== this.#paused && !this.#connection.closed) {
      this.#paused = full
      if (full) this.#connection.pause()
      else this.#connection.resume()
    }
    if (outbox.answered) this.#endIfDone()
  }

  /** Everything before has been answered. */
  #endIfDone(): void {
    if (this.#finished || this.#connection.closed) return
    if (this.#outbox.tooLong) {
      this.#finished = true
      const reason = `message longer than ${this.#maxMessageBytes} bytes`
      this.#refused(this.#connection, reason)
      this.#connection.write(`error: ${reason}\n`)
      this.#connection.finish()
    } else if (this.#inputEnded) {
      this.#finished = true
      this.#connection.end()
    }
  }

  /** Stored messages go back as they came, newline and all; each that is not becomes an error line. */
  #answer(through: number, errno: number): void {
    const count = through - this.#outbox.acknowledged
    const bytes = this.#outbox.acknowledge(through)
    if (bytes.length > 0 && !this.#connection.closed)
      this.#connection.write(errno === 0 ? bytes : refusal(errno).repeat(count))
    this.#goOn()
  }
}

/** `error: not stored: no space left on device (ENOSPC)` */
function refusal(errno: number): string {
  const [code, words] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, 'unknown error']
  return `error: not stored: ${words} (${code})\n`
}
