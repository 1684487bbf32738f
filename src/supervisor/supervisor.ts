/**
 * The supervisor: accepts, forks, reaps, restarts, limits. One blocking loop in a process with exactly one thread.
 * Never parses a client's byte, never runs Node's event loop. Callbacks only note what became ready; `run` decides.
 */
import { becomeChild } from '../fork/become-child.js'
import { isPlenty } from '../fork/plenty.js'
import type { SocketAddress } from '../libc/address.js'
import { SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { getpid, leadTree, rawFork } from '../libc/process.js'
import { readSignals } from '../libc/signal.js'
import { BlockingReactor } from '../reactor/blocking-reactor.js'
import { READABLE, WRITABLE } from '../reactor/reactor.js'
import { Acceptor } from './acceptor.js'
import { Adopted } from './adopted.js'
import { type FromSupervisor, LineReader, type Stats, type ToSupervisor } from './channel.js'
import { Children } from './children.js'
import { ConnectionRoll } from './connection-roll.js'
import { describeExit, EXIT } from './exit-status.js'
import { Lifecycle } from './lifecycle.js'
import { LimitLog } from './limit-log.js'
import { logAdopted, logEnded, logNothingToReload } from './log-lines.js'
import { Outgoing } from './outgoing.js'
import type { Become, Listening, SupervisorPlan } from './plan.js'
import { reapAll } from './reaper.js'
import { Returned } from './returned.js'
import type { ConnectionCount } from './scoreboard.js'
import { type ServiceProcess, Services } from './services.js'
import { SpareWorkers } from './spare-workers.js'
import { waitingClients } from './waiting-clients.js'
import { WaitingConnections } from './waiting-connections.js'
import { Watchdog } from './watchdog.js'

/** Connections taken in one turn from one listener: signals and commands come in between. */
const ACCEPT_AT_ONCE = 16

/** Who has a client until there is a process for it. */
interface Keeper {
  putBack(fd: number, error: Error): void
  release(fd: number): void
}

export class Supervisor {
  readonly #plan: SupervisorPlan
  readonly #reactor = new BlockingReactor()
  readonly #children = new Children()
  readonly #acceptors: readonly Acceptor[]
  readonly #waiting: WaitingConnections
  readonly #services: Services
  readonly #ahead: SpareWorkers | undefined
  readonly #adopted: Adopted
  /** Clients that wait here for a process that has room; the listeners are out of the poll set as long as there are some. */
  readonly #returned: Returned | undefined
  readonly #lifecycle: Lifecycle
  readonly #watchdog: Watchdog
  readonly #limitLog: LimitLog
  readonly #commands: LineReader<ToSupervisor>
  readonly #outgoing: Outgoing<FromSupervisor>
  readonly #roll: ConnectionRoll
  #someReturned = false
  /** fork has failed, and a client waits with its acceptor. */
  #short = false
  #signalled = false
  #commanded = false
  /** Processes forked for connections, those among them that were forked for a client that came back. */
  #forkedFor = 0
  #again = 0
  /** At the limit: the listeners are out of the poll set. */
  #full = false

  constructor(plan: SupervisorPlan) {
    this.#plan = plan
    this.#commands = new LineReader(plan.control)
    this.#reactor.watch(plan.signals, READABLE, () => {
      this.#signalled = true
    })
    const control = this.#reactor.watch(plan.control, READABLE, (readiness) => {
      if (readiness & WRITABLE) this.#outgoing.flush()
      if (readiness & READABLE) this.#commanded = true
    })
    this.#outgoing = new Outgoing<FromSupervisor>(plan.control, (wantsRoom) =>
      control.change(wantsRoom ? READABLE | WRITABLE : READABLE),
    )
    this.#roll = new ConnectionRoll(plan.board, this.#children, this.#reactor, this.#outgoing.send)
    this.#waiting = new WaitingConnections(plan.processes.setup.close)
    this.#acceptors = plan.listening.map((listening) => new Acceptor(listening, this.#reactor, plan.log, this.#waiting))
    const { wayBack } = plan
    this.#returned =
      wayBack.receiver < 0
        ? undefined
        : new Returned(wayBack.receiver, plan.listening, this.#reactor, this.#waiting, () => this.takeReturned())
    this.#watchdog = new Watchdog(this.#reactor, plan.board, this.#children, plan.watchLimits, plan.log)
    const waiting = (): number => plan.listening.reduce((sum, each) => sum + waitingClients(each), 0)
    this.#limitLog = new LimitLog(this.#reactor, plan.log, plan.maxConnections, waiting)
    this.#services = new Services(plan.services, this.#reactor, plan.log, this.#outgoing.send)
    const surroundings = {
      plan,
      reactor: this.#reactor,
      children: this.#children,
      watchdog: this.#watchdog,
      roll: this.#roll,
      reports: this.#services.reports,
      send: this.#outgoing.send,
    }
    this.#ahead = plan.ahead === undefined ? undefined : new SpareWorkers(surroundings, plan.ahead)
    this.#adopted = new Adopted(this.#reactor, this.#children, plan.log)
    this.#lifecycle = new Lifecycle({
      plan,
      reactor: this.#reactor,
      children: this.#children,
      services: this.#services,
      ahead: this.#ahead,
      count: () => this.count,
      closeListeners: () => this.close(),
      strikeOff: (pid, status) => this.strikeOff(pid, status),
    })
  }

  /** Supervises until told to stop, then ends the process. Returns only in a child, with what the child is to do. */
  run(): Become {
    let become = this.act()
    while (become === undefined) {
      this.#plan.beforeTurn(this.#ahead === undefined ? this.#forkedFor : this.#children.forked)
      become = this.turn()
    }
    return become
  }

  /** Waits once, and acts. Returns in a child what it is to do. */
  turn(): Become | undefined {
    this.#reactor.turn()
    if (this.#signalled) this.takeSignals()
    if (this.#commanded) this.takeCommands()
    return this.act()
  }

  /** Children waited for. */
  get reaped(): number {
    return this.#children.reaped
  }

  /** Stops listening. */
  close(): void {
    for (const acceptor of this.#acceptors) acceptor.close()
    this.#returned?.close()
    this.#limitLog.stop()
    this.#ahead?.stop()
  }

  /** Forks one more worker. Returns in a child what it is to do. */
  forkAhead(): Become | undefined {
    this.#ahead?.wantOne()
    return this.act()
  }

  /** Whether any child runs. */
  get hasChildren(): boolean {
    return this.#children.running > 0
  }

  /** Ends the process at once and takes everything along. */
  abandon(exitCode: number): never {
    this.#lifecycle.abandon(exitCode)
  }

  private act(): Become | undefined {
    if (this.#services.due) {
      const service = this.#services.startDue((process) => this.forkService(process))
      if (service !== undefined) return service
    }
    if (this.#ahead?.due && this.#services.ready) {
      const worker = this.#ahead.fill()
      if (worker !== undefined) return worker
    }
    if (this.#lifecycle.state !== 'running') this.#lifecycle.advance()
    else if (this.#ahead?.failure !== undefined) this.#lifecycle.giveUp(this.#ahead.failure)
    return this.acceptAll()
  }

  private takeSignals(): void {
    this.#signalled = false
    for (const signal of readSignals(this.#plan.signals))
      switch (signal) {
        case SIGCHLD:
          reapAll((pid, status) => this.strikeOff(pid, status))
          break
        case SIGTERM:
          this.#lifecycle.drain()
          break
        case SIGINT:
        case SIGQUIT:
          this.#lifecycle.stop()
          break
        case SIGHUP:
          logNothingToReload(this.#plan.log)
          break
      }
  }

  private takeCommands(): void {
    this.#commanded = false
    for (const command of this.#commands.take())
      switch (command.type) {
        case 'stats':
          this.#outgoing.send({ type: 'stats', stats: this.stats })
          break
        case 'drain':
          this.#lifecycle.drain()
          break
        case 'stop':
          this.#lifecycle.stop()
          break
        case 'connections':
          this.#roll.list(command.after)
          break
        case 'end':
          this.#roll.end(command.id)
          break
      }
    // the launcher is gone, killed perhaps: nothing may stay behind
    if (this.#commands.ended) this.abandon(SIGKILL + 128)
  }

  private get count(): ConnectionCount {
    const { board, workersAccept } = this.#plan
    if (workersAccept) return board
    return { connections: this.#children.count('connection'), accepted: this.#forkedFor - this.#again }
  }

  private get stats(): Stats {
    const { forked, running, reaped, adopted } = this.#children
    const services = [...this.#children.all()].filter(({ role }) => role !== 'connection' && role !== 'prefork')
    const { connections, accepted } = this.count
    return {
      supervisor: getpid(),
      state: this.#lifecycle.state,
      forked,
      running,
      reaped,
      adopted,
      connections,
      accepted,
      idle: this.#ahead?.idle ?? 0,
      ...this.#plan.board.traffic,
      services: services.map(({ role, pid }) => ({ role, pid })),
    }
  }

  private strikeOff(pid: number, status: number): void {
    this.#adopted.expect()
    const child = this.#children.remove(pid)
    if (child === undefined) {
      logAdopted(this.#plan.log, pid, status)
      return
    }
    if (child.role === 'prefork') this.#ahead?.ended(child, status, this.#lifecycle.stopping)
    if (this.#plan.tellsEnds && child.role === 'connection') this.#roll.ended(child, status, this.#lifecycle.stopping)
    this.#plan.board.release(child.slot)
    this.#watchdog.ended(pid)
    logEnded(this.#plan.log, child, status, this.#lifecycle.stopping)
    if (child.role === 'prefork') return
    if (child.role !== 'connection') this.#services.ended(pid, describeExit(status))
    else if (this.#full) {
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
  private acceptAll(): Become | undefined {
    if (this.#lifecycle.state !== 'running') return undefined
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
    const { processes, serve, board, wayBack } = this.#plan
    const { setup } = processes
    const id = this.#forkedFor + 1
    const startedMs = Date.now()
    const slot = board.take('connection', id, fd, startedMs, hadToWait ? peer : undefined)
    let pid: number
    try {
      pid = processes.fork()
    } catch (error) {
      board.release(slot)
      keeper.putBack(fd, error as Error)
      this.#short = true
      return undefined
    }
    this.#forkedFor = id
    if (pid === 0) {
      board.show(slot)
      // a signal to the group of a program that it runs ends this process, not the server; what it starts stays below it
      leadTree()
      for (const report of this.#services.reports) close(report)
      const { sender } = wayBack
      const become = serve({ fd, id, peer, listening, wayBack: sender, plenty: isPlenty() || sender < 0 }, setup)
      if (typeof become !== 'number') return become
      processes.exit(become)
      board.release(slot)
      return undefined
    }
    keeper.release(fd)
    board.forked(slot, pid)
    this.#children.add({ pid, role: 'connection', id, peer, startedMs, slot })
    this.#watchdog.watch()
    return undefined
  }

  private forkService({ role, number, close, main }: ServiceProcess): number | Become {
    const { board } = this.#plan
    const id = number ?? 1
    const startedMs = Date.now()
    const slot = board.take(role, 0, -1, startedMs)
    let pid: number
    try {
      pid = rawFork()
    } catch (error) {
      board.release(slot)
      throw error
    }
    if (pid > 0) {
      board.forked(slot, pid)
      this.#children.add({ pid, role, id, peer: undefined, startedMs, slot })
      this.#watchdog.watch()
      return pid
    }
    board.show(slot)
    leadTree()
    const setup = role === 'worker' ? this.#plan.workerSetup : this.#plan.serviceSetup
    becomeChild({ ...setup, close: [...setup.close, ...close, ...this.#waiting.all] }, `tined: ${role}`, -1, number)
    return main
  }
}
