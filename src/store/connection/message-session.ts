/** One client of the store in the general case: any framing, and for each message what goes back. The plain case is session.ts, which is faster. */
import type { WatchingConnection } from '../../server/connection/contract.js'
import { MessageDeadline } from '../../server/connection/message-deadline.js'
import { type Ack, receipt } from '../ack.js'
import { MessageOutbox } from '../appending/message-outbox.js'
import { type Durability, REPLICATED } from '../durability.js'
import type { Cutter, Framing } from '../framing/framing.js'
import type { Judge } from '../hooks.js'
import type { Sequences } from '../wire.js'
import { Answers } from './answers.js'
import type { Heard, Link, MakeLink } from './link.js'
import { refusal } from './refusal.js'
import type { MessageLimits } from './session.js'
import { type Replication, UntilReplicated } from './until-replicated.js'

/** Beyond these a client is not read from: of messages whose answers wait, and of bytes that are held for them. */
const MOST_WAITING = 1024
const MOST_BYTES = 512 * 1024

export interface SessionSetup extends MessageLimits {
  readonly framing: Framing
  /** What goes back for a message that is stored. */
  readonly ack: Ack
  /**
   * Of a client's messages; undefined for what the writer's option says. `replicated` only where there is `replication`.
   *
   * @throws what the program does: then nothing of this client is stored
   */
  durabilityOf(connection: WatchingConnection): Durability | undefined
  readonly replication?: Replication | undefined
  readonly judge: Judge<WatchingConnection>
  /** Told of a message that is not stored because the program failed. */
  failed(connection: WatchingConnection, failure: string): void
}

export class MessageSession {
  readonly #connection: WatchingConnection
  readonly #setup: SessionSetup
  readonly #outbox = new MessageOutbox()
  readonly #answers = new Answers()
  readonly #cutter: Cutter
  readonly #durability: Durability | undefined
  /** Of a client that is told only when a cluster has its messages. */
  readonly #until: UntilReplicated | undefined
  readonly #link: Link
  readonly #deadline: MessageDeadline
  readonly #logRefusal: (connection: WatchingConnection, reason: string) => void
  /** Messages that have come whole. */
  #completed = 0
  /** Why the client is sent away. */
  #refused: string | undefined
  /** What went wrong in the program last. */
  #failure: string | undefined
  #inputEnded = false
  #finished = false
  #paused = false

  /** @param logRefusal told why a client is sent away, or a message of its passed over */
  constructor(
    connection: WatchingConnection,
    setup: SessionSetup,
    makeLink: MakeLink,
    logRefusal: (connection: WatchingConnection, reason: string) => void,
  ) {
    this.#connection = connection
    this.#setup = setup
    this.#logRefusal = logRefusal
    this.#cutter = setup.framing.cutter(setup.maxMessageBytes)
    this.#deadline = new MessageDeadline(connection.reactor, setup.messageTimeoutMs, () => this.#expire())
    let wanted: Durability | undefined
    try {
      wanted = setup.durabilityOf(connection)
    } catch (error) {
      setup.failed(connection, String(error))
      this.#refused = 'not stored: durability failed'
    }
    const { id, peerName, reactor } = connection
    if (wanted === 'replicated' && setup.replication !== undefined) {
      this.#until = new UntilReplicated(setup.replication, reactor)
      wanted = 'disk'
    }
    this.#durability = wanted
    const owner = { id, peerName, reactor, wantsSequences: setup.ack === 'sequence' || this.#until !== undefined }
    this.#link = makeLink(owner, this.#outbox, (...heard) => this.#hear(...heard))
    if (this.#refused !== undefined) this.#goOn()
  }

  data(chunk: Buffer): void {
    if (this.#refused !== undefined) return
    this.#refused = this.#cutter.take(chunk, this.#deliver)
    if (this.#refused === undefined) this.#deadline.saw(this.#completed, this.#cutter.partial)
    else this.#deadline.stop()
    this.#goOn()
  }

  /** The client sends no more. */
  end(): void {
    this.#deadline.stop()
    this.#refused ??= this.#cutter.finish(this.#deliver)
    this.#inputEnded = true
    this.#goOn()
  }

  /** The client is gone; what it has sent is stored all the same. */
  close(): void {
    this.#deadline.stop()
    this.#link.close()
  }

  readonly #deliver = (bytes: Buffer, refused?: string): void => {
    this.#completed++
    if (refused !== undefined) {
      this.#logRefusal(this.#connection, refused)
      this.#answers.settled(this.#frame(`error: ${refused}`))
      return
    }
    const message = Buffer.from(bytes)
    // kept apart: the program may change what it is given
    const echo = this.#setup.ack === 'echo' ? this.#setup.framing.frame(message) : undefined
    const verdict = this.#setup.judge(message, this.#connection)
    if ('error' in verdict) {
      this.#answers.settled(this.#frame(verdict.error))
      this.#noteFailure(verdict.failure)
    } else {
      this.#answers.expect(echo)
      this.#outbox.add(verdict.message, { fields: verdict.fields, durability: this.#durability })
    }
  }

  /** The same again and again does not fill the log. */
  #noteFailure(failure: string | undefined): void {
    if (failure === undefined || failure === this.#failure) return
    this.#failure = failure
    this.#setup.failed(this.#connection, failure)
  }

  #frame(text: string): Buffer {
    return this.#setup.framing.frame(Buffer.from(text))
  }

  #expire(): void {
    this.#refused ??= `message not complete within ${this.#setup.messageTimeoutMs} ms`
    this.#goOn()
  }

  #goOn(): void {
    this.#write(this.#answers.due())
    this.#link.flush()
    const { backlog, answered } = this.#outbox
    const held = this.#outbox.bytes + this.#answers.bytes
    const full = backlog || this.#refused !== undefined || this.#answers.count >= MOST_WAITING || held >= MOST_BYTES
    if (full !== this.#paused && !this.#connection.closed) {
      this.#paused = full
      if (full) this.#connection.pause()
      else this.#connection.resume()
    }
    if (answered && this.#until?.holds !== true) this.#endIfDone()
  }

  /** Everything before has been answered. */
  #endIfDone(): void {
    if (this.#finished || this.#connection.closed) return
    if (this.#refused !== undefined) {
      this.#finished = true
      this.#logRefusal(this.#connection, this.#refused)
      this.#connection.write(this.#frame(`error: ${this.#refused}`))
      this.#connection.finish()
    } else if (this.#inputEnded) {
      this.#finished = true
      this.#connection.end()
    }
  }

  #hear(...[through, errno, reached, stored]: Parameters<Heard>): void {
    const count = this.#outbox.acknowledge(through)
    if (this.#until === undefined) this.#answer(count, errno, reached, stored)
    else
      this.#until.hold(errno === 0 ? stored?.sequences.at(-1) : 0, () => this.#answer(count, errno, REPLICATED, stored))
  }

  #answer(count: number, errno: number, reached: number, stored: Sequences | undefined): void {
    const answers =
      errno !== 0
        ? this.#answers.settle(count, () => this.#frame(refusal(errno)))
        : this.#setup.ack === 'sequence'
          ? this.#answers.settle(count, (index) => this.#frame(receipt(index, reached, stored)))
          : this.#answers.settle(count)
    this.#write(answers)
    this.#goOn()
  }

  #write(answers: readonly Buffer[]): void {
    if (answers.length > 0 && !this.#connection.closed) this.#connection.write(Buffer.concat(answers))
  }
}
