/**
 * The supervisor: accepts, forks, reaps, restarts, limits. One blocking loop in a process with exactly one thread.
 * Never parses a client's byte, never runs Node's event loop. Callbacks only note what became ready; `run` decides.
 */

import type { Compilable } from '../engine/compile.js'
import { type Settlement, settle } from '../fork/become-child.js'
import { formatAddress, type SocketAddress } from '../libc/address.js'
import { SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { _exit, getpid, kill, rawFork } from '../libc/process.js'
import { readSignals } from '../libc/signal.js'
import { PollReactor } from '../reactor/poll-reactor.js'
import { READABLE } from '../reactor/reactor.js'
import { freezeMemory } from '../speed/freeze.js'
import { Doorman } from './acceptor.js'
import { LineReader, type Stats, sendLine, type ToSupervisor } from './channel.js'
import { Children } from './children.js'
import { endedWell, exitWords } from './exit-status.js'
import type { Log } from './log.js'
import type { Listening, SupervisorPlan, TrafficCount } from './plan.js'
import { leaveNothing, reapAll } from './reaper.js'
import { type ServiceProcess, Services } from './services.js'

/** After SIGTERM to what still runs, how long until SIGKILL. */
const KILL_AFTER_MS = 200
/** Services get longer: a writer still commits what it was sent. */
const SERVICE_STOP_MS = 5000
/** Connections between two freezes; each also collects garbage, so that V8 never starts to, which would need threads. */
const FREEZE_EVERY = 4096
/** The first comes soon: by then everything that happens once has happened. */
const FIRST_FREEZE = 64

type State = 'starting' | 'running' | 'draining' | 'stopping' | 'finishing'
/** In a forked child: what it goes on to do once the supervisor's frames are off the stack. */
export type Become = () => void

const peerField = (peer: SocketAddress | undefined): { peer?: string } =>
  peer === undefined ? {} : { peer: formatAddress(peer) }

export class Supervisor {
  readonly #plan: SupervisorPlan
  readonly #log: Log
  readonly #pid = getpid()
  readonly #reactor = new PollReactor()
  readonly #children = new Children()
  readonly #doors: Doorman[]
  readonly #services: Services
  readonly #commands: LineReader<ToSupervisor>
  #state: State = 'starting'
  #signalled = false
  #commanded = false
  #killing = false
  #accepted = 0
  #freezeAt = FIRST_FREEZE
  /** At the limit: the listeners are out of the poll set. */
  #shut = false
  /** Whether listeners are held for workers. */
  #lent = true

  constructor(plan: SupervisorPlan) {
    this.#plan = plan
    this.#log = plan.log
    this.#commands = new LineReader(plan.control)
    this.#reactor.watch(plan.signals, READABLE, () => {
      this.#signalled = true
    })
    this.#reactor.watch(plan.control, READABLE, () => {
      this.#commanded = true
    })
    this.#doors = plan.listening.map((listening) => new Doorman(listening, this.#reactor, plan.log))
    this.#services = new Services(plan.services, this.#reactor, plan.log)
  }

  /** Supervises until told to stop, then ends the process. Returns only in a child, with what the child is to do. */
  run(): Become {
    let become = this.act()
    while (become === undefined) {
      // not in a turn: what V8 has compiled of one would be thrown away at the first call that no rehearsal made
      if (this.#accepted >= this.#freezeAt) this.freeze()
      become = this.turn()
    }
    return become
  }

  private freeze(): void {
    this.#freezeAt = this.#accepted + FREEZE_EVERY
    freezeMemory()
  }

  /** Waits once, and acts. Returns in a child what it is to do. */
  turn(): Become | undefined {
    this.#reactor.turn()
    if (this.#signalled) this.takeSignals()
    if (this.#commanded) this.takeCommands()
    return this.act()
  }

  private act(): Become | undefined {
    if (this.#services.due) {
      const service = this.#services.startDue((process) => this.forkService(process))
      if (service !== undefined) return service
    }
    if (this.#state !== 'running') this.advance()
    return this.acceptAll()
  }

  /** What runs for every connection. */
  static get hot(): readonly Compilable[] {
    const { turn, act, acceptAll, forkConnection, takeSignals, strikeOff, room } = Supervisor.prototype
    return [turn, act, acceptAll, forkConnection, takeSignals, strikeOff, room]
  }

  /** Children waited for. */
  get reaped(): number {
    return this.#children.reaped
  }

  /** Closes the doors, of a rehearsal. */
  close(): void {
    for (const door of this.#doors) door.close()
  }

  private get traffic(): TrafficCount {
    return this.#plan.traffic ?? { connections: this.#children.count('connection'), accepted: this.#accepted }
  }

  private get stats(): Stats {
    const { forked, running, reaped, adopted } = this.#children
    const services = [...this.#children.all()].filter((child) => child.role !== 'connection')
    const { connections, accepted } = this.traffic
    const state = this.#state
    return {
      supervisor: this.#pid,
      state,
      forked,
      running,
      reaped,
      adopted,
      connections,
      accepted,
      services: services.map(({ role, pid }) => ({ role, pid })),
    }
  }

  private takeSignals(): void {
    this.#signalled = false
    for (const signal of readSignals(this.#plan.signals))
      switch (signal) {
        case SIGCHLD:
          reapAll((pid, status) => this.strikeOff(pid, status))
          break
        case SIGTERM:
          this.drain()
          break
        case SIGINT:
        case SIGQUIT:
          this.stop()
          break
        case SIGHUP:
          this.#log.warn({}, 'SIGHUP: there is nothing to reload in this version')
          break
      }
  }

  private takeCommands(): void {
    this.#commanded = false
    for (const command of this.#commands.take())
      switch (command.type) {
        case 'stats':
          sendLine(this.#plan.control, { type: 'stats', stats: this.stats })
          break
        case 'drain':
          this.drain()
          break
        case 'stop':
          this.stop()
          break
      }
    if (!this.#commands.ended) return
    // the launcher is gone, killed perhaps: nothing may stay behind
    this.abandon(SIGKILL + 128)
  }

  private drain(): void {
    if (this.#state !== 'running' && this.#state !== 'starting') return
    this.#state = 'draining'
    this.closeDoors()
    for (const child of this.#children.all()) if (child.role === 'worker') kill(child.pid, SIGTERM)
    const { connections } = this.traffic
    this.#log.info({ connections, timeoutMs: this.#plan.drainTimeoutMs }, 'draining: no new connections')
    this.#reactor.after(this.#plan.drainTimeoutMs, () => {
      if (this.#state !== 'draining') return
      this.#log.warn({ connections: this.traffic.connections }, 'drain time-out: ending what still runs')
      this.stop()
    })
  }

  private stop(): void {
    if (this.#state === 'stopping' || this.#state === 'finishing') return
    this.#state = 'stopping'
    this.closeDoors()
    this.signalConnections(SIGTERM)
    this.#reactor.after(KILL_AFTER_MS, () => this.signalConnections(SIGKILL))
  }

  /** Whoever serves; to a worker SIGTERM would mean to drain. */
  private signalConnections(signal: number): void {
    for (const { pid, role } of this.#children.all())
      if (role === 'connection') kill(pid, signal)
      else if (role === 'worker') kill(pid, signal === SIGTERM ? SIGINT : signal)
  }

  /** No new connections: neither here nor, once the workers have heard of it, there. */
  private closeDoors(): void {
    for (const door of this.#doors) door.close()
    this.#services.retireWorkers()
    if (this.#lent) for (const fd of this.#plan.lent) close(fd)
    this.#lent = false
  }

  /** Processes that serve connections. */
  private get serving(): number {
    return this.#children.count('connection') + this.#children.count('worker')
  }

  /** Takes the next step of stopping once the one before is done. */
  private advance(): void {
    if (this.#state === 'starting' && this.#services.ready) {
      this.#state = 'running'
      sendLine(this.#plan.control, { type: 'ready', supervisor: this.#pid })
    }
    const failure = this.#services.failure
    if (this.#state === 'starting' && failure !== undefined) {
      sendLine(this.#plan.control, { type: 'failed', ...failure })
      this.leave(failure.exitCode)
    }
    if ((this.#state === 'draining' || this.#state === 'stopping') && this.serving === 0) {
      this.#state = 'finishing'
      this.#services.finish()
      for (const child of this.#children.all()) kill(child.pid, SIGTERM)
      this.#reactor.after(SERVICE_STOP_MS, () => {
        this.#killing = true
      })
    }
    if (this.#state === 'finishing' && (this.#children.running === 0 || this.#killing)) this.leave(0)
  }

  /** Ends the process at once and takes everything along. */
  abandon(exitCode: number): never {
    leaveNothing(this.#pid, () => {})
    _exit(exitCode)
  }

  /** Ends the process with nothing left behind. */
  private leave(exitCode: number): never {
    leaveNothing(this.#pid, (pid, status) => this.strikeOff(pid, status))
    const { forked, reaped, adopted } = this.#children
    this.#log.info({ connections: this.traffic.accepted, forked, reaped, adopted }, 'stopped')
    _exit(exitCode)
  }

  private strikeOff(pid: number, status: number): void {
    const child = this.#children.remove(pid)
    if (child === undefined) {
      this.#log.debug({ child: pid }, `adopted orphan ${exitWords(status)}`)
      return
    }
    const { role, id, peer, startedMs } = child
    const stopping = this.#state === 'stopping' || this.#state === 'finishing'
    const quiet = endedWell(status) || stopping
    if (!quiet || this.#log.debugs) {
      const fields = { child: pid, role, id, ...peerField(peer), ms: Date.now() - startedMs }
      this.#log[quiet ? 'debug' : 'warn'](fields, `${role} process ${exitWords(status)}`)
    }
    if (role !== 'connection') this.#services.ended(pid, exitWords(status))
    else if (this.#shut) this.openDoors()
  }

  private openDoors(): void {
    if (this.#children.count('connection') >= this.#plan.maxConnections) return
    this.#shut = false
    for (const door of this.#doors) door.open()
  }

  /** Accepts what waits, forking for each. Returns in a child what it is to do. */
  private acceptAll(): Become | undefined {
    if (this.#state !== 'running') return undefined
    for (const door of this.#doors)
      for (let room = door.ready ? this.room() : 0; room > 0; room--) {
        const accepted = door.accept()
        if (accepted === undefined) break
        const become = this.forkConnection(door, accepted.fd, accepted.listening)
        if (become !== undefined) return become
      }
    return undefined
  }

  private room(): number {
    const room = this.#plan.maxConnections - this.#children.count('connection')
    // at the limit the listeners leave the poll set, and clients wait in the kernel's queue
    if (room <= 0) {
      this.#shut = true
      for (const door of this.#doors) door.shut()
    }
    return room < 16 ? room : 16
  }

  private forkConnection(door: Doorman, fd: number, listening: Listening): Become | undefined {
    const { stage, connection } = this.#plan
    const peer = door.peer
    let pid: number
    try {
      pid = stage.fork()
    } catch (error) {
      door.putBack(fd, error as Error)
      return undefined
    }
    const id = ++this.#accepted
    if (pid === 0) {
      for (const report of this.#services.reports) close(report)
      const become = connection({ fd, id, peer, listening })
      if (typeof become !== 'number') return become
      stage.exit(become)
      return undefined
    }
    door.release(fd)
    this.#children.add({ pid, role: 'connection', id, peer, startedMs: Date.now() })
    return undefined
  }

  private forkService(process: ServiceProcess): number | Become {
    const pid = rawFork()
    if (pid > 0) {
      this.#children.add({ pid, role: process.role, id: process.number ?? 1, peer: undefined, startedMs: Date.now() })
      return pid
    }
    const settlement: Settlement = {
      ...(process.role === 'worker' ? this.#plan.workerSettlement : this.#plan.serviceSettlement),
      parent: this.#pid,
      title: `tined: ${process.role}`,
      port: -1,
      id: process.number ?? -1,
    }
    settle({ ...settlement, close: [...settlement.close, ...process.close] })
    return process.main
  }
}
