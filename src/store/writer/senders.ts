/** The connections that a writer knows: how they come, who they are, how they leave. */
import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLLIN, SOL_SOCKET } from '../../libc/constants.js'
import { epoll_ctl } from '../../libc/epoll.js'
import { close } from '../../libc/fd.js'
import { SO_SNDBUF } from '../../libc/io-constants.js'
import { setsockopt } from '../../libc/socket.js'
import { DISK } from '../durability.js'
import type { Known } from '../family.js'
import type { Registration } from '../wire.js'
import { exists } from './exists.js'
import { type Journal, keyOf, type Untold } from './journal.js'
import { type Newcomer, Newcomers, type NewcomersParts } from './newcomers.js'
import { RegisteredSender } from './registered-sender.js'
import { OwnSocket, type SenderSocket } from './sender-socket.js'
import { WorkerSocket } from './worker-socket.js'

/** For the acknowledgements of a whole window: the kernel counts some 800 bytes for each. */
const ACKS_ROOM_BYTES = 256 * 1024
/** Why one is sent away. */
const DEAF = 'it does not read what it is told'

export interface SendersParts extends NewcomersParts {
  /** Names this run of the server in records. */
  run: string
  journal: Journal
  untold: Map<number, Untold>
  maxMessageBytes: number
  /** Whether a process exists. @default asks the kernel */
  alive?: (pid: number) => boolean
}

export class Senders {
  readonly #parts: SendersParts
  readonly #sockets = new Map<number, SenderSocket>()
  /** Those of processes of one connection and of who appends, by `keyOf`. */
  readonly #ownByKey = new Map<number, OwnSocket>()
  readonly #workerByPid = new Map<number, WorkerSocket>()
  readonly #newcomers: Newcomers
  /** Whoever had ended before this writer began, and had sent something again, has been seen. */
  #sawTheDead = false

  constructor(parts: SendersParts) {
    this.#parts = parts
    this.#newcomers = new Newcomers(parts, (newcomer, known) => this.#register(newcomer, known))
  }

  /** Whether some wait for a descriptor, or for the supervisor to tell who they are; to be tried again with `admit`. */
  get waiting(): boolean {
    return this.#newcomers.waiting
  }

  /** Whether nobody is there, and nobody can come. */
  get over(): boolean {
    return this.#newcomers.closed && this.#sockets.size === 0
  }

  at(fd: number): SenderSocket | undefined {
    return this.#sockets.get(fd)
  }

  /** Takes those who have come. */
  admit(): void {
    // before they are taken: who ends later may have come after
    const dead = this.#sawTheDead ? [] : this.#deadUntold()
    this.#newcomers.admit()
    if (this.#sawTheDead || this.waiting) return
    this.#sawTheDead = true
    // what is behind the socket of one that has come is still to be read
    this.#forget(dead.filter(({ pid }) => !this.#workerByPid.has(pid)))
  }

  /** What is on disk of processes that have ended, and were not told. */
  #deadUntold(): Untold[] {
    const { untold, alive = exists } = this.#parts
    return [...untold.values()].filter(({ pid }) => !alive(pid))
  }

  /** They will not come again. */
  #forget(dead: readonly Untold[]): void {
    const { untold, journal } = this.#parts
    for (const { pid, connection } of dead) untold.delete(keyOf(pid, connection))
    if (dead.length > 0) journal.keep(untold)
  }

  /** There is nobody at the registrations any more. */
  end(): void {
    this.#newcomers.end()
  }

  leave(socket: SenderSocket): void {
    const { fd, pid } = socket
    if (fd === undefined) return
    this.#sockets.delete(fd)
    if (this.#workerByPid.get(pid) === socket) {
      this.#workerByPid.delete(pid)
      const { untold, alive = exists } = this.#parts
      if (!alive(pid)) this.#forget([...untold.values()].filter((each) => each.pid === pid))
    }
    const sender = socket instanceof OwnSocket ? socket.sender : undefined
    const key = sender === undefined ? Number.NaN : keyOf(pid, sender.connection)
    if (this.#ownByKey.get(key) === socket) this.#ownByKey.delete(key)
    // closing would not do it: its maker may have kept another descriptor of this end. epoll(7)
    epoll_ctl(this.#parts.epoll, EPOLL_CTL_DEL, fd, 0)
    socket.close()
  }

  /** It does what no process of ours does. It may come again. */
  dismiss(socket: SenderSocket, reason: string): void {
    this.leave(socket)
    this.#parts.dismissed(socket.pid, reason)
  }

  /** The process at the other end does not read. */
  dismissDeaf({ socket: { fd } }: RegisteredSender): void {
    const socket = fd === undefined ? undefined : this.#sockets.get(fd)
    if (socket !== undefined) this.dismiss(socket, DEAF)
  }

  /** Sends what workers are to be told. */
  flush(): void {
    for (const worker of this.#workerByPid.values()) if (!worker.flush()) this.dismiss(worker, DEAF)
  }

  /** Lets go of every socket, as the kernel does for a writer that dies. */
  close(): void {
    for (const socket of this.#sockets.values()) socket.close()
    this.#sockets.clear()
    this.#newcomers.close()
  }

  #register({ socket: fd, pid, registration }: Newcomer, known: Known): void {
    const socket = registration.shared ? this.#worker(fd, pid, known) : this.#own(fd, pid, registration, known)
    if (socket === undefined) {
      close(fd)
      this.#parts.dismissed(pid, 'only a worker has many connections')
      return
    }
    this.#sockets.set(fd, socket)
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, ACKS_ROOM_BYTES)
    epoll_ctl(this.#parts.epoll, EPOLL_CTL_ADD, fd, EPOLLIN)
    if (socket instanceof OwnSocket && socket.sender !== undefined) this.#tellOfStored(socket, [socket.sender])
  }

  #worker(fd: number, pid: number, known: Known): WorkerSocket | undefined {
    if ('connection' in known) return undefined
    const before = this.#workerByPid.get(pid)
    if (before !== undefined) this.leave(before)
    const worker = new WorkerSocket(
      pid,
      fd,
      (socket, registration) => this.#sender(socket, registration, known),
      (senders) => this.#tellOfStored(worker, senders),
    )
    this.#workerByPid.set(pid, worker)
    return worker
  }

  #own(fd: number, pid: number, registration: Registration, known: Known): OwnSocket {
    const socket = new OwnSocket(pid, fd)
    const sender = this.#sender(socket, registration, known)
    socket.sender = sender
    const key = keyOf(pid, sender.connection)
    const before = this.#ownByKey.get(key)
    if (before !== undefined) this.leave(before)
    this.#ownByKey.set(key, socket)
    return socket
  }

  #sender(socket: SenderSocket, registration: Registration, known: Known): RegisteredSender {
    const { run, untold, maxMessageBytes } = this.#parts
    const { acknowledged, wantsSequences } = registration
    const { pid } = socket
    const alone = 'connection' in known
    const { connection, peer } = alone ? known : registration
    const name = alone ? `${run}-${connection}` : `${run}-w${known.worker}-${connection}`
    const stored = untold.get(keyOf(pid, connection))?.through ?? 0
    return new RegisteredSender(
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
  }

  /** What a writer finds in the file it syncs before anybody comes. Who is not there to be told comes again, and sends it again. */
  #tellOfStored(socket: SenderSocket, senders: readonly RegisteredSender[]): void {
    const { untold, journal } = this.#parts
    const owed = senders.filter(({ pid, connection }) => untold.has(keyOf(pid, connection)))
    const heard = owed.every((sender) => sender.acknowledge(0, 0, DISK))
    if (!heard || (socket instanceof WorkerSocket && !socket.flush())) {
      this.dismiss(socket, DEAF)
      return
    }
    for (const { pid, connection } of owed) {
      untold.delete(keyOf(pid, connection))
      journal.told(pid, connection)
    }
  }
}
