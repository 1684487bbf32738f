/** How a supervisor starts, drains, stops and ends: one state, and the step that follows each. */
import { leave } from '../engine/ending.js'
import { sayMissing } from '../engine/output/missing.js'
import { hurry } from '../engine/output/patience.js'
import { SHUT_RDWR, SIGINT, SIGKILL, SIGTERM, SIGURG } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { _exit, getpid } from '../libc/process.js'
import { shutdown } from '../libc/socket.js'
import type { Reactor } from '../reactor/reactor.js'
import type { SpareWorkers } from './ahead/spare-workers.js'
import { sendLine } from './channel.js'
import type { Children } from './children.js'
import { KILL_AFTER_MS } from './end-child.js'
import type { LastSignals } from './last-signals.js'
import type { Log } from './log.js'
import { logDraining, logDrainTimeout, logGivenUp, logStays, logStopped } from './log-lines.js'
import type { SupervisorPlan } from './plan.js'
import { leaveNothing } from './reaper.js'
import type { Services } from './services.js'
import type { ConnectionCount } from './traffic.js'

/** Services get longer: a writer still commits what it was sent. */
const SERVICE_STOP_MS = 5000
/** Who still serves so long after SIGKILL may not be ended, or waits for a disk that hangs. */
const GIVE_UP_MS = 5000

export type State = 'starting' | 'running' | 'draining' | 'stopping' | 'finishing'

/** What of the supervisor its lifecycle acts on. */
export interface Parts {
  readonly plan: SupervisorPlan
  readonly reactor: Reactor
  readonly children: Children
  readonly services: Services
  readonly ahead: SpareWorkers | undefined
  readonly count: () => ConnectionCount
  readonly closeListeners: () => void
  readonly strikeOff: (pid: number, status: number) => void
}

export class Lifecycle {
  state: State = 'starting'
  readonly #parts: Parts
  readonly #log: Log
  readonly #signals: LastSignals
  readonly #pid = getpid()
  /** Services have had their time. */
  #killing = false
  /** Those who serve have had theirs. */
  #givenUp = false
  /** Whether listeners are held for workers. */
  #lent = true

  constructor(parts: Parts) {
    this.#parts = parts
    this.#log = parts.plan.log
    this.#signals = parts.plan.board.head.signals
  }

  /** What ends now was told to. */
  get stopping(): boolean {
    return this.state === 'stopping' || this.state === 'finishing'
  }

  /** No new connections; what runs may finish within the time-out. */
  drain(): void {
    if (this.state !== 'running' && this.state !== 'starting') return
    const { plan, reactor, children, count } = this.#parts
    this.state = 'draining'
    hurry()
    this.#refuseConnections()
    for (const { pid, role } of children.all())
      if (role === 'worker') this.#signals.send(pid, SIGTERM)
      else if (role === 'connection' || role === 'prefork') this.#signals.send(pid, SIGURG)
    logDraining(this.#log, count().connections, plan.drainTimeoutMs)
    reactor.after(plan.drainTimeoutMs, () => {
      if (this.state !== 'draining') return
      logDrainTimeout(this.#log, count().connections)
      this.stop()
    })
  }

  stop(): void {
    if (this.stopping) return
    this.state = 'stopping'
    hurry()
    this.#refuseConnections()
    this.#signalConnections(SIGTERM)
    const { reactor } = this.#parts
    reactor.after(KILL_AFTER_MS, () => this.#signalConnections(SIGKILL))
    reactor.after(KILL_AFTER_MS + GIVE_UP_MS, () => {
      this.#givenUp = true
    })
  }

  /** Takes the next step once the one before is done. */
  advance(): void {
    const { plan, children, services, ahead } = this.#parts
    if (this.state === 'starting' && services.ready && ahead?.ready !== false) {
      this.state = 'running'
      sendLine(plan.control, { type: 'ready', supervisor: this.#pid })
    }
    const failure = services.failure ?? ahead?.failure
    if (this.state === 'starting' && failure !== undefined) {
      sendLine(plan.control, { type: 'failed', ...failure })
      this.#leave(failure.exitCode)
    }
    if ((this.state === 'draining' || this.state === 'stopping') && (this.#serving === 0 || this.#givenUp))
      this.#finish()
    if (this.state === 'finishing' && (children.running === this.#serving || this.#killing)) this.#leave(0)
  }

  /** Ends a server that cannot go on. */
  giveUp({ message, exitCode }: { message: string; exitCode: number }): never {
    logGivenUp(this.#log, message)
    this.#leave(exitCode)
  }

  /** Ends the process at once and takes everything along. */
  abandon(exitCode: number): never {
    this.#leaveNothing(() => {})
    _exit(exitCode)
  }

  /** Only services are left. */
  #finish(): void {
    const { reactor, children, services } = this.#parts
    this.state = 'finishing'
    services.finish()
    for (const child of children.all()) this.#signals.send(child.pid, SIGTERM)
    reactor.after(SERVICE_STOP_MS, () => {
      this.#killing = true
    })
  }

  #leaveNothing(report: (pid: number, status: number) => void): void {
    const known = (): number[] => [...this.#parts.children.all()].map(({ pid }) => pid)
    leaveNothing({ pid: this.#pid, known, report, stays: (process) => logStays(this.#log, process) })
  }

  /** Ends the process with nothing left behind. */
  #leave(exitCode: number): never {
    const { children, count, strikeOff } = this.#parts
    this.#leaveNothing(strikeOff)
    logStopped(this.#log, count().accepted, children)
    sayMissing()
    leave(exitCode)
  }

  /** Whoever serves; to a worker SIGTERM would mean to drain. */
  #signalConnections(signal: number): void {
    for (const { pid, role } of this.#parts.children.all())
      if (role === 'connection' || role === 'prefork') this.#signals.send(pid, signal)
      else if (role === 'worker') this.#signals.send(pid, signal === SIGTERM ? SIGINT : signal)
  }

  /** Neither here nor, once the workers have heard of it, there. */
  #refuseConnections(): void {
    const { plan, services, closeListeners } = this.#parts
    closeListeners()
    services.retireWorkers()
    if (this.#lent)
      for (const fd of plan.lent) {
        // whoever waits for a client that nobody else has then hears of it, and whoever serves one does not keep the socket open
        if (plan.ahead !== undefined) shutdown(fd, SHUT_RDWR)
        close(fd)
      }
    this.#lent = false
  }

  /** Processes that serve connections. */
  get #serving(): number {
    const { children } = this.#parts
    return children.count('connection') + children.count('worker') + children.count('prefork')
  }
}
