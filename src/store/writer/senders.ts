/** The connections that a writer knows: how they come, how they are noticed to be gone, when they are forgotten. */
import { EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLLIN } from '../../libc/constants.js'
import { epoll_ctl } from '../../libc/epoll.js'
import { close, mayOpen } from '../../libc/fd.js'
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
  /** No descriptor is left for whoever comes: they wait in the socket. */
  #starving = false
  /** Who comes now may have come before this writer began. */
  #sendingAway = false
  /** Connections whose packets were read before they could be admitted, and of which epoch. */
  readonly #missed = new Map<number, number>()
  readonly #starved: (starving: boolean) => void

  /**
   * @param run names this run of the server in records
   * @param starved told when no descriptor is left for more of them, and when there is again
   */
  constructor(
    registrations: number,
    epoll: number,
    run: string,
    journal: Journal,
    untold: Map<number, Untold>,
    starved: (starving: boolean) => void,
  ) {
    this.#starved = starved
    epoll_ctl(epoll, EPOLL_CTL_ADD, registrations, EPOLLIN)
    this.#registrations = registrations
    this.#epoll = epoll
    this.#run = run
    this.#journal = journal
    this.#untold = untold
  }

  /** Whether some wait for a descriptor; to be tried again with `admit`. */
  get starving(): boolean {
    return this.#starving
  }

  get count(): number {
    return this.#known.size
  }

  /**
   * Sends away all who registered before this writer began: the one before may have read, and lost, what they sent
   * afterwards. They see the end of their acknowledgement pipe, register again and send again.
   */
  sendAway(): void {
    this.#sendingAway = true
    this.admit()
  }

  /** Takes the registrations that have come. */
  admit(): void {
    for (let received = this.#receive(); received !== undefined; received = this.#receive())
      if (received.descriptor === undefined) continue
      else if (this.#sendingAway) close(received.descriptor)
      else this.#register(received.data, received.descriptor)
    if (!this.#starving) this.#sendingAway = false
  }

  /** The sender of a packet. A connection registers before it sends, so an unknown one is looked for; undefined for a stale packet. */
  find(connection: number, epoch: number): RegisteredSender | undefined {
    let sender = this.#known.get(connection)
    if (sender === undefined || sender.epoch < epoch) {
      this.admit()
      sender = this.#known.get(connection)
    }
    if (sender?.epoch === epoch) return sender
    if (this.#starving) this.#missed.set(connection, Math.max(epoch, this.#missed.get(connection) ?? 0))
    return undefined
  }

  /** The other end of this acknowledgement pipe is closed. @param until how many packets will have been read when its last one has */
  left(pipe: number, until: number): void {
    const sender = this.#byPipe.get(pipe)
    if (sender === undefined) return
    this.#byPipe.delete(pipe)
    sender.leave()
    this.#leaving.push({ sender, until })
    if (this.#starving) this.admit()
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

  /** Without a free descriptor the kernel would throw away the one that is attached. */
  #receive() {
    const starving = !mayOpen(this.#epoll)
    if (starving !== this.#starving) this.#starve(starving)
    return starving ? undefined : receiveDescriptor(this.#registrations, REGISTRATION_MAX_BYTES)
  }

  #starve(starving: boolean): void {
    this.#starving = starving
    epoll_ctl(this.#epoll, EPOLL_CTL_MOD, this.#registrations, starving ? 0 : EPOLLIN)
    this.#starved(starving)
  }

  #register(data: Buffer, pipe: number): void {
    const registration = decodeRegistration(data)
    const { connection, epoch } = registration
    if (epoch <= (this.#missed.get(connection) ?? -1)) {
      // it sees the end of its pipe, registers again, and sends again
      close(pipe)
      return
    }
    this.#missed.delete(connection)
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
