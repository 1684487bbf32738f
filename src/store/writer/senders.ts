/** The connections that a writer knows: how they come, who they are, how they leave. */
import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLIN, SOL_SOCKET } from '../../libc/constants.js'
import { epoll_ctl } from '../../libc/epoll.js'
import { close, mayOpen } from '../../libc/fd.js'
import { SO_SNDBUF } from '../../libc/io-constants.js'
import { pairMaker } from '../../libc/pair-maker.js'
import { receiveDescriptor } from '../../libc/scm-rights.js'
import { setsockopt } from '../../libc/socket.js'
import { DISK } from '../durability.js'
import type { Known } from '../family.js'
import { decodeRegistration, REGISTRATION_MAX_BYTES, type Registration } from '../wire.js'
import { exists } from './exists.js'
import { type Journal, keyOf, type Untold } from './journal.js'
import { RegisteredSender } from './registered-sender.js'

/** For the acknowledgements of a whole window: the kernel counts some 800 bytes for each. */
const ACKS_ROOM_BYTES = 256 * 1024
/** How long the supervisor may take to tell of a process that it has forked. */
const UNKNOWN_MS = 2000

/** Somebody of whom the supervisor has not told yet. */
interface Newcomer {
  socket: number
  pid: number
  registration: Registration
  sinceMs: number
}

export interface SendersParts {
  /** Where connections come. */
  registrations: number
  epoll: number
  /** Names this run of the server in records. */
  run: string
  journal: Journal
  untold: Map<number, Untold>
  maxMessageBytes: number
  /** Whom a process serves, as the supervisor has told. */
  who(pid: number): Known | undefined
  /** Whether a process exists. @default asks the kernel */
  alive?: (pid: number) => boolean
  /** Told when no descriptor is left for more of them, and when there is again. */
  starved(starving: boolean): void
  /** Told of one that is sent away, and why. */
  dismissed(pid: number, reason: string): void
}

export class Senders {
  readonly #parts: SendersParts
  readonly #bySocket = new Map<number, RegisteredSender>()
  readonly #byKey = new Map<number, RegisteredSender>()
  #newcomers: Newcomer[] = []
  /** No descriptor is left for whoever comes: they wait in the socket. */
  #starving = false
  /** Nobody is left who could come. */
  #closed = false
  /** Whoever had ended before this writer began, and had sent something again, has been seen. */
  #sawTheDead = false

  constructor(parts: SendersParts) {
    this.#parts = parts
    epoll_ctl(parts.epoll, EPOLL_CTL_ADD, parts.registrations, EPOLLIN)
  }

  /** Whether some wait for a descriptor, or for the supervisor to tell who they are; to be tried again with `admit`. */
  get waiting(): boolean {
    return this.#starving || this.#newcomers.length > 0
  }

  /** Whether nobody is there, and nobody can come. */
  get over(): boolean {
    return this.#closed && this.#bySocket.size === 0
  }

  at(socket: number): RegisteredSender | undefined {
    return this.#bySocket.get(socket)
  }

  /** Takes those who have come. */
  admit(): void {
    // before they are taken: who ends later may have come after
    const dead = this.#sawTheDead ? [] : this.#deadUntold()
    this.#admitAll()
    if (this.#sawTheDead || this.waiting) return
    this.#sawTheDead = true
    for (const key of dead) this.#parts.untold.delete(key)
    if (dead.length > 0) this.#parts.journal.keep(this.#parts.untold)
  }

  /** Of whom something is on disk that they were not told, and who will not come again. */
  #deadUntold(): number[] {
    const { untold, alive = exists } = this.#parts
    return [...untold].filter(([, { pid }]) => !alive(pid)).map(([key]) => key)
  }

  #admitAll(): void {
    const newcomers = this.#newcomers
    this.#newcomers = []
    for (const newcomer of newcomers) this.#admit(newcomer)
    for (let received = this.#receive(); received !== undefined; received = this.#receive()) {
      if (received.descriptor === undefined) continue
      const socket = received.descriptor
      const registration = decodeRegistration(received.data)
      const pid = pairMaker(socket)
      if (registration === undefined || pid === undefined) {
        close(socket)
        this.#parts.dismissed(pid ?? 0, 'this is no registration')
      } else this.#admit({ socket, pid, registration, sinceMs: performance.now() })
    }
  }

  /** There is nobody at the registrations any more. */
  end(): void {
    this.#closed = true
    epoll_ctl(this.#parts.epoll, EPOLL_CTL_DEL, this.#parts.registrations, 0)
  }

  leave(sender: RegisteredSender): void {
    const { socket } = sender
    if (socket === undefined) return
    this.#bySocket.delete(socket)
    const key = keyOf(sender.pid, sender.connection)
    if (this.#byKey.get(key) === sender) this.#byKey.delete(key)
    // closing would not do it: its maker may have kept another descriptor of this end. epoll(7)
    epoll_ctl(this.#parts.epoll, EPOLL_CTL_DEL, socket, 0)
    sender.leave()
  }

  /** It does what no connection of ours does. It may come again. */
  dismiss(sender: RegisteredSender, reason: string): void {
    this.leave(sender)
    this.#parts.dismissed(sender.pid, reason)
  }

  /** Lets go of every socket, as the kernel does for a writer that dies. */
  close(): void {
    for (const sender of this.#bySocket.values()) sender.leave()
    this.#bySocket.clear()
    for (const { socket } of this.#newcomers) close(socket)
    this.#newcomers = []
  }

  /** Without a free descriptor the kernel would throw away the one that is attached. */
  #receive() {
    const starving = !mayOpen(this.#parts.epoll)
    if (starving !== this.#starving) this.#starve(starving)
    return starving ? undefined : receiveDescriptor(this.#parts.registrations, REGISTRATION_MAX_BYTES)
  }

  #starve(starving: boolean): void {
    this.#starving = starving
    const { epoll, registrations, starved } = this.#parts
    if (!this.#closed) epoll_ctl(epoll, EPOLL_CTL_MOD, registrations, starving ? 0 : EPOLLIN)
    starved(starving)
  }

  #admit(newcomer: Newcomer): void {
    const { socket, pid, sinceMs } = newcomer
    const known = this.#known(newcomer)
    if (known !== undefined) this.#register(newcomer, known)
    else if (performance.now() - sinceMs < UNKNOWN_MS) this.#newcomers.push(newcomer)
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

  #register({ socket, pid, registration }: Newcomer, known: Known): void {
    const { epoll, run, untold, journal, maxMessageBytes } = this.#parts
    const { acknowledged, wantsSequences } = registration
    const alone = 'connection' in known
    const { connection, peer } = alone ? known : registration
    const name = alone ? `${run}-${connection}` : `${run}-w${known.worker}-${connection}`
    const key = keyOf(pid, connection)
    const stored = untold.get(key)?.through ?? 0
    const before = this.#byKey.get(key)
    if (before !== undefined) this.leave(before)
    const sender = new RegisteredSender(
      connection,
      pid,
      name,
      peer,
      socket,
      acknowledged,
      stored,
      maxMessageBytes,
      wantsSequences,
    )
    this.#byKey.set(key, sender)
    this.#bySocket.set(socket, sender)
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, ACKS_ROOM_BYTES)
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket, EPOLLIN)
    if (stored === 0) return
    // what a writer finds in the file it syncs before anybody comes
    sender.acknowledge(0, 0, DISK)
    untold.delete(key)
    journal.told(pid, connection)
  }
}
