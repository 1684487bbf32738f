/** The connections that a writer knows: how they come, how they are noticed to be gone, when they are forgotten. */
import { EPOLL_CTL_ADD } from '../../libc/constants.js'
import { epoll_ctl } from '../../libc/epoll.js'
import { close } from '../../libc/fd.js'
import { receiveDescriptor } from '../../libc/scm-rights.js'
import { decodeRegistration, REGISTRATION_MAX_BYTES } from '../wire.js'
import type { Journal, Untold } from './journal.js'
import { RegisteredSender } from './registered-sender.js'

/** Gone, but packets of its may still be in the pipe. */
interface Leaving {
  sender: RegisteredSender
  /** When so many packets have been read in all, none of its is left. */
  until: number
}

export class Senders {
  readonly #registrations: number
  readonly #epoll: number
  readonly #run: string
  readonly #journal: Journal
  readonly #untold: Map<number, Untold>
  readonly #known = new Map<number, RegisteredSender>()
  /** By the descriptor of the acknowledgement pipe. */
  readonly #byPipe = new Map<number, RegisteredSender>()
  #leaving: Leaving[] = []

  /** @param run names this run of the server in records */
  constructor(registrations: number, epoll: number, run: string, journal: Journal, untold: Map<number, Untold>) {
    this.#registrations = registrations
    this.#epoll = epoll
    this.#run = run
    this.#journal = journal
    this.#untold = untold
  }

  get count(): number {
    return this.#known.size
  }

  /**
   * Sends away all who registered before this writer began: the one before may have read, and lost, what they sent
   * afterwards. They see the end of their acknowledgement pipe, register again and send again.
   */
  sendAway(): void {
    for (let received = this.#receive(); received !== undefined; received = this.#receive())
      if (received.descriptor !== undefined) close(received.descriptor)
  }

  /** Takes the registrations that have come. */
  admit(): void {
    for (let received = this.#receive(); received !== undefined; received = this.#receive())
      if (received.descriptor !== undefined) this.#register(received.data, received.descriptor)
  }

  /** The sender of a packet. A connection registers before it sends, so an unknown one is looked for; undefined for a stale packet. */
  find(connection: number, epoch: number): RegisteredSender | undefined {
    let sender = this.#known.get(connection)
    if (sender === undefined || sender.epoch < epoch) {
      this.admit()
      sender = this.#known.get(connection)
    }
    return sender?.epoch === epoch ? sender : undefined
  }

  /** The other end of this acknowledgement pipe is closed. @param until how many packets will have been read when its last one has */
  left(pipe: number, until: number): void {
    const sender = this.#byPipe.get(pipe)
    if (sender === undefined) return
    this.#byPipe.delete(pipe)
    sender.leave()
    this.#leaving.push({ sender, until })
  }

  /** Forgets who has left, once `read` packets were read, or all there were. */
  forget(read: number): void {
    if (this.#leaving.length === 0) return
    for (const { sender, until } of this.#leaving)
      if (until <= read && this.#known.get(sender.connection) === sender) this.#known.delete(sender.connection)
    this.#leaving = this.#leaving.filter(({ until }) => until > read)
  }

  /** Lets go of every acknowledgement pipe, as the kernel does for a writer that dies. */
  close(): void {
    for (const sender of this.#byPipe.values()) sender.leave()
    this.#byPipe.clear()
  }

  #receive() {
    return receiveDescriptor(this.#registrations, REGISTRATION_MAX_BYTES)
  }

  #register(data: Buffer, pipe: number): void {
    const registration = decodeRegistration(data)
    const { connection } = registration
    const stored = this.#untold.get(connection)?.through ?? 0
    const sender = new RegisteredSender(registration, pipe, this.#run, stored)
    this.#known.set(connection, sender)
    this.#byPipe.set(pipe, sender)
    // without interest: an error is reported all the same once nobody can read. epoll_ctl(2)
    epoll_ctl(this.#epoll, EPOLL_CTL_ADD, pipe, 0)
    if (stored === 0) return
    sender.acknowledge(0)
    this.#untold.delete(connection)
    this.#journal.told(connection)
  }
}
