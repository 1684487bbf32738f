/** Accepts, and forks a process for each connection. Clients that there is no room for wait: in the kernel's queue, or here. */
import { isPlenty } from '../fork/plenty.js'
import type { SocketAddress } from '../libc/address.js'
import { nowMs } from '../libc/clock.js'
import { close } from '../libc/fd.js'
import { leadTree } from '../libc/process.js'
import { Acceptor } from './acceptor.js'
import type { Children } from './children.js'
import { EXIT } from './exit-status.js'
import { LimitLog } from './limit-log.js'
import type { Become, Listening, SupervisorPlan } from './plan.js'
import { Returned } from './returned.js'
import type { Surroundings } from './surroundings.js'
import { waitingClients } from './waiting-clients.js'
import { WaitingConnections } from './waiting-connections.js'
import type { Watchdog } from './watchdog.js'

/** Connections taken in one turn from one listener: signals and commands come in between. */
const ACCEPT_AT_ONCE = 16

/** Who has a client until there is a process for it. */
interface Keeper {
  putBack(fd: number, error: Error): void
  release(fd: number): void
}

export class ConnectionForker {
  readonly #plan: SupervisorPlan
  readonly #children: Children
  readonly #watchdog: Watchdog
  readonly #reports: readonly number[]
  readonly #acceptors: readonly Acceptor[]
  readonly #waiting: WaitingConnections
  /** Clients that wait here for a process that has room; the listeners are out of the poll set as long as there are some. */
  readonly #returned: Returned | undefined
  readonly #limitLog: LimitLog
  #someReturned = false
  /** fork has failed, and a client waits with its acceptor. */
  #short = false
  /** Processes forked for connections, those among them that were forked for a client that came back. */
  #forkedFor = 0
  #again = 0
  /** At the limit: the listeners are out of the poll set. */
  #full = false

  constructor({ plan, reactor, children, watchdog, reports }: Surroundings) {
    const { wayBack, listening, log, maxConnections } = plan
    this.#plan = plan
    this.#children = children
    this.#watchdog = watchdog
    this.#reports = reports
    const waiting = new WaitingConnections(plan.processes.setup.close)
    this.#waiting = waiting
    this.#acceptors = listening.map((each) => new Acceptor(each, reactor, log, waiting))
    this.#returned =
      wayBack.receiver < 0
        ? undefined
        : new Returned(wayBack.receiver, listening, reactor, waiting, () => this.takeReturned())
    this.#limitLog = new LimitLog(reactor, log, maxConnections, () => waitingClients(listening))
  }

  /** Processes. */
  get forked(): number {
    return this.#forkedFor
  }

  /** Connections. */
  get accepted(): number {
    return this.#forkedFor - this.#again
  }

  /** Descriptors of clients that wait here. */
  get waiting(): SupervisorPlan['processes']['setup']['close'] {
    return this.#waiting.all
  }

  close(): void {
    for (const acceptor of this.#acceptors) acceptor.close()
    this.#returned?.close()
    this.#limitLog.stop()
  }

  /** The process of a connection was reaped. */
  ended(status: number): void {
    if (this.#full) {
      if (status !== EXIT.gaveBack << 8) this.#returned?.hurry()
      this.listenAgain()
    } else if (this.#short) this.retry()
  }

  /** A process has ended: there may be room for another. */
  private retry(): void {
    this.#short = false
    for (const acceptor of this.#acceptors) acceptor.retry()
  }

  private listenAgain(): void {
    if (this.#children.count('connection') >= this.#plan.maxConnections) return
    if (this.#returned?.empty === false) {
      this.#someReturned = true
      return
    }
    this.#full = false
    this.#limitLog.left()
    for (const acceptor of this.#acceptors) acceptor.open()
  }

  /** Clients came back, or the next of them may be tried. */
  private takeReturned(): void {
    this.#someReturned = this.#returned?.empty === false
    if (!this.#someReturned) {
      this.listenAgain()
      return
    }
    this.#full = true
    for (const acceptor of this.#acceptors) acceptor.shut()
  }

  /** Forks for one that came back. Returns in a child what it is to do. */
  private forkReturned(): Become | undefined {
    this.#someReturned = false
    if (this.#children.count('connection') >= this.#plan.maxConnections) return undefined
    const client = this.#returned?.next()
    if (client === undefined) return undefined
    const before = this.#forkedFor
    const become = this.forkConnection(this.#returned as Returned, client.fd, client.peer, true, client.listening)
    if (become !== undefined) return become
    this.#again += this.#forkedFor - before
    return undefined
  }

  /** Accepts what waits, forking for each. Returns in a child what it is to do. */
  acceptAll(): Become | undefined {
    if (this.#someReturned) return this.forkReturned()
    for (const acceptor of this.#acceptors)
      for (let room = acceptor.ready ? this.room() : 0; room > 0; room--) {
        const accepted = acceptor.accept()
        if (accepted === undefined) break
        const become = this.forkConnection(acceptor, accepted.fd, acceptor.peer, acceptor.hadToWait, accepted.listening)
        if (become !== undefined) return become
      }
    return undefined
  }

  private room(): number {
    const room = this.#plan.maxConnections - this.#children.count('connection')
    // at the limit the listeners leave the poll set, and clients wait in the kernel's queue
    if (room <= 0) {
      this.#full = true
      this.#limitLog.reached()
      for (const acceptor of this.#acceptors) acceptor.shut()
    }
    return room < ACCEPT_AT_ONCE ? room : ACCEPT_AT_ONCE
  }

  /** @param hadToWait whether it is not the one that was accepted last */
  private forkConnection(
    keeper: Keeper,
    fd: number,
    peer: SocketAddress,
    hadToWait: boolean,
    listening: Listening,
  ): Become | undefined {
    const { processes, serve, board, wayBack, introductions } = this.#plan
    const { setup } = processes
    const id = this.#forkedFor + 1
    const startedMs = Date.now()
    const slot = board.take('connection', id, fd, startedMs, hadToWait ? peer : undefined)
    const beforeMs = nowMs()
    let pid: number
    try {
      pid = processes.fork()
    } catch (error) {
      board.release(slot)
      keeper.putBack(fd, error as Error)
      this.#short = true
      return undefined
    }
    if (pid === 0) {
      board.show(slot)
      // a signal to the group of a program that it runs ends this process, not the server; what it starts stays below it
      leadTree()
      for (const report of this.#reports) close(report)
      const { sender } = wayBack
      const plenty = isPlenty() || sender < 0
      const told = introductions.sender
      const become = serve({ fd, id, peer, listening, wayBack: sender, introductions: told, plenty }, setup)
      if (typeof become !== 'number') return become
      processes.exit(become)
      // only after one that was imitated
      board.release(slot)
      this.#forkedFor = id
      return undefined
    }
    this.#forkedFor = id
    board.forked(slot, pid, beforeMs)
    keeper.release(fd)
    this.#children.add({ pid, role: 'connection', id, peer, startedMs, slot })
    this.#watchdog.watch()
    return undefined
  }
}
