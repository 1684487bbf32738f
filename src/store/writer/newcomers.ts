/** Who comes to a writer: taken from the socket that all share, and let in once the supervisor has told whom it serves. */
import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLIN } from '../../libc/constants.js'
import { epoll_ctl } from '../../libc/epoll.js'
import { close, mayOpen } from '../../libc/fd.js'
import { pairMaker } from '../../libc/pair-maker.js'
import { type Received, receiveDescriptor } from '../../libc/scm-rights.js'
import type { Known } from '../family.js'
import { decodeRegistration, REGISTRATION_MAX_BYTES, type Registration } from '../wire.js'

/** How long the supervisor may take to tell of a process that it has forked. */
const UNKNOWN_MS = 2000

export interface Newcomer {
  socket: number
  pid: number
  registration: Registration
  sinceMs: number
}

export interface NewcomersParts {
  /** Where connections come. */
  registrations: number
  epoll: number
  /** Whom a process serves, as the supervisor has told. */
  who(pid: number): Known | undefined
  /** Told when no descriptor is left for more of them, and when there is again. */
  starved(starving: boolean): void
  /** Told of one that is sent away, and why. */
  dismissed(pid: number, reason: string): void
}

export class Newcomers {
  readonly #parts: NewcomersParts
  readonly #letIn: (newcomer: Newcomer, known: Known) => void
  /** Of whom the supervisor has not told yet. */
  #unknown: Newcomer[] = []
  /** No descriptor is left for whoever comes: they wait in the socket. */
  #starving = false
  /** Nobody is left who could come. */
  closed = false

  /** @param letIn told of each who is known */
  constructor(parts: NewcomersParts, letIn: (newcomer: Newcomer, known: Known) => void) {
    this.#parts = parts
    this.#letIn = letIn
    epoll_ctl(parts.epoll, EPOLL_CTL_ADD, parts.registrations, EPOLLIN)
  }

  /** Whether some wait for a descriptor, or for the supervisor to tell who they are; to be tried again with `admit`. */
  get waiting(): boolean {
    return this.#starving || this.#unknown.length > 0
  }

  /** Takes those who have come. */
  admit(): void {
    const unknown = this.#unknown
    this.#unknown = []
    for (const newcomer of unknown) this.#admit(newcomer)
    for (let received = this.#receive(); received !== undefined; received = this.#receive()) this.#take(received)
  }

  #take({ data, descriptor: socket }: Received): void {
    if (socket === undefined) return
    const registration = decodeRegistration(data)
    const pid = pairMaker(socket)
    if (registration === undefined || pid === undefined) {
      close(socket)
      this.#parts.dismissed(pid ?? 0, 'this is no registration')
    } else this.#admit({ socket, pid, registration, sinceMs: performance.now() })
  }

  /** There is nobody at the registrations any more. */
  end(): void {
    this.closed = true
    epoll_ctl(this.#parts.epoll, EPOLL_CTL_DEL, this.#parts.registrations, 0)
  }

  /** Lets go of those who wait. */
  close(): void {
    for (const { socket } of this.#unknown) close(socket)
    this.#unknown = []
  }

  /** Without a free descriptor the kernel would throw away the one that is attached. */
  #receive(): Received | undefined {
    const starving = !mayOpen(this.#parts.epoll)
    if (starving !== this.#starving) this.#starve(starving)
    return starving ? undefined : receiveDescriptor(this.#parts.registrations, REGISTRATION_MAX_BYTES)
  }

  #starve(starving: boolean): void {
    this.#starving = starving
    const { epoll, registrations, starved } = this.#parts
    if (!this.closed) epoll_ctl(epoll, EPOLL_CTL_MOD, registrations, starving ? 0 : EPOLLIN)
    starved(starving)
  }

  #admit(newcomer: Newcomer): void {
    const { socket, pid, sinceMs } = newcomer
    const known = this.#known(newcomer)
    if (known !== undefined) this.#letIn(newcomer, known)
    else if (performance.now() - sinceMs < UNKNOWN_MS) this.#unknown.push(newcomer)
    else {
      close(socket)
      this.#parts.dismissed(pid, 'the supervisor has forked no such process')
    }
  }

  /**
   * What is known of a pid may still be of one that has died: then the supervisor has not told of this one yet. A connection says its
   * number. Who appends knows none: if the pid is that of a dead one for long, it is that one's last word.
   */
  #known({ pid, registration, sinceMs }: Newcomer): Known | undefined {
    const known = this.#parts.who(pid)
    if (known === undefined) return undefined
    if (registration.unnumbered)
      return known.dead === true && performance.now() - sinceMs < UNKNOWN_MS ? undefined : known
    return 'connection' in known && known.connection !== registration.connection ? undefined : known
  }
}
