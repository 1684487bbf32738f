/**
 * The supervisor: accepts, forks, reaps, restarts, limits. One blocking loop in a process with exactly one thread.
 * Never parses a client's byte, never runs Node's event loop. Callbacks only note what became ready; `run` decides.
 */
import { SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM } from '../libc/constants.js'
import { readSignals, senderOf } from '../libc/signal.js'
import { BlockingReactor } from '../reactor/blocking-reactor.js'
import { READABLE, WRITABLE } from '../reactor/reactor.js'
import { Adopted } from './adopted.js'
import { SpareWorkers } from './ahead/spare-workers.js'
import { type FromSupervisor, LineReader, type Stats, type ToSupervisor } from './channel.js'
import { Children } from './children.js'
import { ConnectionForker } from './connection-forker.js'
import { ConnectionRoll } from './connection-roll.js'
import { describeExit } from './exit-status.js'
import { Lifecycle } from './lifecycle.js'
import { logAdopted, logEnded, logNothingToReload } from './log-lines.js'
import { Outgoing } from './outgoing.js'
import type { Become, SupervisorPlan } from './plan.js'
import { reapAll } from './reaper.js'
import { forkService } from './service-forker.js'
import { type ServiceProcess, Services } from './services.js'
import { statsOf } from './stats.js'
import type { ConnectionCount } from './traffic.js'
import { Watchdog } from './watchdog.js'

export class Supervisor {
  readonly #plan: SupervisorPlan
  readonly #reactor = new BlockingReactor()
  readonly #children: Children
  readonly #forker: ConnectionForker
  readonly #services: Services
  readonly #forkService: (service: ServiceProcess) => number | Become
  readonly #ahead: SpareWorkers | undefined
  readonly #adopted: Adopted
  readonly #lifecycle: Lifecycle
  readonly #watchdog: Watchdog
  readonly #commands: LineReader<ToSupervisor>
  readonly #outgoing: Outgoing<FromSupervisor>
  readonly #roll: ConnectionRoll
  /** Bound, as above. */
  readonly #strikeOff: (pid: number, status: number) => void = this.strikeOff.bind(this)
  #signalled = false
  #commanded = false
  constructor(plan: SupervisorPlan) {
    this.#plan = plan
    this.#children = new Children(plan.family)
    this.#commands = new LineReader(plan.control)
    // bound, not an arrow: a call of that would be counted
    this.#reactor.watch(plan.signals, READABLE, this.signalsWait.bind(this))
    const control = this.#reactor.watch(plan.control, READABLE, (readiness) => {
      if (readiness & WRITABLE) this.#outgoing.flush()
      if (readiness & READABLE) this.#commanded = true
    })
    this.#outgoing = new Outgoing<FromSupervisor>(plan.control, (wantsRoom) =>
      control.change(wantsRoom ? READABLE | WRITABLE : READABLE),
    )
    this.#roll = new ConnectionRoll(plan.board, this.#children, this.#reactor, this.#outgoing.send)
    this.#watchdog = new Watchdog(this.#reactor, plan.board, this.#children, plan.watchLimits, plan.log)
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
    this.#forker = new ConnectionForker(surroundings)
    this.#forkService = (service) => forkService(surroundings, this.#forker.waiting, service)
    this.#ahead = plan.ahead === undefined ? undefined : new SpareWorkers(surroundings, plan.ahead)
    this.#adopted = new Adopted(this.#reactor, this.#children, plan.board.head.signals, plan.log)
    this.#lifecycle = new Lifecycle({
      plan,
      reactor: this.#reactor,
      children: this.#children,
      services: this.#services,
      ahead: this.#ahead,
      count: () => this.count,
      closeListeners: () => this.close(),
      strikeOff: this.#strikeOff,
    })
  }

  /**
   * Supervises until told to stop, then ends the process. Returns in a child, with what the child is to do.
   *
   * @param turns at most so many, after which it returns undefined; negative for any number
   */
  run(turns: number): Become | undefined {
    let become = this.act()
    for (let left = turns; become === undefined && left !== 0; left--) {
      this.#plan.beforeTurn(this.#ahead === undefined ? this.#forker.forked : this.#children.forked)
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
    this.#forker.close()
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
      const service = this.#services.startDue(this.#forkService)
      if (service !== undefined) return service
    }
    if (this.#ahead?.due && this.#services.ready) {
      const worker = this.#ahead.fill()
      if (worker !== undefined) return worker
    }
    if (this.#lifecycle.state !== 'running') this.#lifecycle.advance()
    else if (this.#ahead?.failure !== undefined) this.#lifecycle.giveUp(this.#ahead.failure)
    return this.#lifecycle.state === 'running' ? this.#forker.acceptAll() : undefined
  }

  private signalsWait(): void {
    this.#signalled = true
  }

  private takeSignals(): void {
    this.#signalled = false
    const taken = readSignals(this.#plan.signals)
    for (let place = 0; place < taken.length; place++) this.takeSignal(taken[place] as number, senderOf(place))
  }

  /** @param sender 0 where the kernel does not tell */
  private takeSignal(signal: number, sender: number): void {
    // one for each child that has ended, whose end is on the scoreboard
    if (signal !== SIGCHLD) this.#plan.board.head.signals.came(signal, sender)
    switch (signal) {
      case SIGCHLD:
        reapAll(this.#strikeOff)
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
    return { connections: this.#children.count('connection'), accepted: this.#forker.accepted }
  }

  private get stats(): Stats {
    const { connections, accepted } = this.count
    const idle = this.#ahead?.idle ?? 0
    return statsOf(this.#children, this.#plan.board, { state: this.#lifecycle.state, connections, accepted, idle })
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
    this.#plan.board.head.ends.add(child, status)
    this.#plan.board.release(child.slot)
    this.#watchdog.ended(pid)
    logEnded(this.#plan.log, child, status, this.#lifecycle.stopping)
    if (child.role === 'prefork') return
    if (child.role !== 'connection') this.#services.ended(pid, describeExit(status))
    else this.#forker.ended(status)
  }
}
