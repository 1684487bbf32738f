/** `append` in one process: messages of any handler, in their order, and a promise for each. */
import { PosixError } from '../../libc/posix-error.js'
import { getpid } from '../../libc/process.js'
import { presentReactor } from '../../reactor/present.js'
import { READABLE, type Reactor, type Watch } from '../../reactor/reactor.js'
import type { Heard, Link, MakeLink } from '../connection/link.js'
import { type Replication, UntilReplicated } from '../connection/until-replicated.js'
import { type Durability, durabilityOf } from '../durability.js'
import { type MessageOptions, MessageOutbox } from './message-outbox.js'

/** What became of a message. */
export interface Stored {
  /**
   * Counts the messages of the store from 1, as `seq` of its record; of a `text:` file those since the server started. Undefined when the
   * writer that has stored it was killed before it could say, and of what is in memory only.
   */
  sequence: number | undefined
  /** How far it has got: at least as far as was wanted. */
  durability: Durability
  /** When the writer took it, as in its record. Undefined when the writer that has stored it was killed before it could say. */
  at: Date | undefined
}

interface Waiter {
  /** Told only once a cluster has it. */
  readonly replicated: boolean
  resolve(stored: Stored): void
  reject(error: PosixError): void
}

export class Appender {
  readonly #outbox = new MessageOutbox()
  readonly #waiters: Waiter[] = []
  readonly #link: Link
  readonly #path: string
  readonly #durability: Durability
  readonly #until: UntilReplicated | undefined
  #watch: Watch | undefined
  #flushing = false

  /** @param path names the store in errors */
  constructor(makeLink: MakeLink, path: string, durability: Durability, replication?: Replication) {
    this.#durability = durability
    this.#path = path
    const reactor = presentReactor()
    if (replication !== undefined) this.#until = new UntilReplicated(replication, reactor)
    // who the client is the supervisor tells, of a process that has one; of others this counts the messages of each
    const owner = {
      id: getpid(),
      peerName: '',
      reactor: this.#unobtrusive(reactor),
      wantsSequences: true,
      unnumbered: true,
    }
    this.#link = makeLink(owner, this.#outbox, (...heard) => this.#settle(...heard))
  }

  /** @param replicated of a store whose writer does not wait for its cluster, and only where there is one */
  append(message: Buffer, options: MessageOptions = {}, replicated = false): Promise<Stored> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ replicated, resolve, reject })
      this.#outbox.add(message, options)
      // whoever appends many in a row has them go together: in model single each would be synced on its own
      this.#flushSoon()
    })
  }

  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#flushing = false
    this.#link.flush()
    if (!this.#outbox.answered) this.#watch?.change(READABLE)
  }

  #settle(...[through, errno, reached, stored]: Parameters<Heard>): void {
    const count = this.#outbox.acknowledge(through)
    for (let index = 0; index < count; index++) {
      const waiter = this.#waiters.shift() as Waiter
      const sequence = stored?.sequences[index]
      const waits = waiter.replicated && errno === 0
      // those behind one that waits are told behind it
      if (this.#until !== undefined && (waits || this.#until.holds))
        this.#until.hold(waits ? sequence : 0, () => this.#tell(waiter, errno, reached, sequence, stored?.atMs))
      else this.#tell(waiter, errno, reached, sequence, stored?.atMs)
    }
    if (this.#outbox.answered) this.#watch?.change(0)
    else this.#flushSoon()
  }

  #tell(waiter: Waiter, errno: number, reached: number, sequence: number | undefined, atMs = 0): void {
    if (errno !== 0) waiter.reject(new PosixError(errno, 'append', { path: this.#path }))
    else
      waiter.resolve({
        sequence,
        durability: waiter.replicated ? 'replicated' : (durabilityOf(reached) ?? this.#durability),
        at: atMs === 0 ? undefined : new Date(atMs),
      })
  }

  /** While nothing is under way our socket must not keep Node's loop from ending. */
  #unobtrusive(reactor: Reactor): Reactor {
    return {
      inNode: reactor.inNode,
      after: (delayMs, fire) => reactor.after(delayMs, fire),
      afterTurn: (act) => reactor.afterTurn(act),
      watch: (fd, interest, ready) => {
        const watch = reactor.watch(fd, interest, ready)
        this.#watch = watch
        return {
          change: (next) => watch.change(next),
          more: () => watch.more(),
          stop: () => {
            this.#watch = undefined
            watch.stop()
          },
        }
      },
    }
  }
}
