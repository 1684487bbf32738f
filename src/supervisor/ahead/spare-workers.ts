/**
 * Workers that are forked ahead of their clients, each of which accepts for itself and serves one connection at a time. Here is decided
 * how many there are: some free ones always, so that no client waits for a fork.
 */
import { nowMs } from '../../libc/clock.js'
import { close } from '../../libc/fd.js'
import { getpid, leadTree } from '../../libc/process.js'
import type { BlockingReactor } from '../../reactor/blocking-reactor.js'
import { READABLE, type Timer } from '../../reactor/reactor.js'
import { BUSY, CONNECTION, IDLE, STARTING, STATE } from '../../reactor/slot.js'
import { type FromService, type FromSupervisor, LineReader } from '../channel.js'
import type { Child, Children } from '../children.js'
import type { ConnectionRoll } from '../connection-roll.js'
import { endedWell } from '../exit-status.js'
import { LimitLog } from '../limit-log.js'
import type { Log } from '../log.js'
import type { AheadPlan, Become, SupervisorPlan } from '../plan.js'
import type { Surroundings } from '../surroundings.js'
import { waitingClients } from '../waiting-clients.js'
import type { Watchdog } from '../watchdog.js'
import { SparePolicy } from './spare-policy.js'
import { type Failure, StartFailures } from './start-failures.js'
import { endLateStarters, endSurplus, type WorkerState } from './surplus.js'

const LOOK_MS = 1000

export class SpareWorkers {
  readonly #plan: SupervisorPlan
  readonly #ahead: AheadPlan
  readonly #reactor: BlockingReactor
  readonly #children: Children
  readonly #watchdog: Watchdog
  readonly #roll: ConnectionRoll
  readonly #reports: readonly number[]
  readonly #send: (message: FromSupervisor) => void
  /** What workers tell of connections that have ended. */
  readonly #ends: LineReader<FromService> | undefined
  readonly #log: Log
  readonly #policy: SparePolicy
  readonly #limitLog: LimitLog
  readonly #startFailures: StartFailures
  /** Asked for at every turn. */
  #due = true
  #forked = 0
  /** Looks from time to time, as long as there is any worker. */
  #look: Timer | undefined
  /** To be forked although enough are free. */
  #toReplace = 0
  /** Those who end are not replaced. */
  #stopped = false
  /** Whether a worker has ever been free. */
  #ready = false

  constructor({ plan, reactor, children, watchdog, roll, reports, send }: Surroundings, ahead: AheadPlan) {
    this.#plan = plan
    this.#ahead = ahead
    this.#reactor = reactor
    this.#children = children
    this.#watchdog = watchdog
    this.#roll = roll
    this.#reports = reports
    this.#send = send
    this.#log = plan.log
    this.#policy = new SparePolicy(ahead.limits)
    this.#startFailures = new StartFailures(reactor, plan.log, ahead.limits.maxStartFailures, () => {
      this.#due = true
    })
    const waiting = (): number => waitingClients(ahead.listening)
    this.#limitLog = new LimitLog(reactor, plan.log, ahead.limits.maxWorkers, waiting)
    reactor.watch(ahead.spares.heard, READABLE, this.#heard)
    ahead.spares.ringWhenReady(true)
    if (ahead.ends === undefined) return
    this.#ends = new LineReader(ahead.ends[0])
    reactor.watch(ahead.ends[0], READABLE, () => this.#hearEnds())
  }

  /** Whether some may have to be forked. */
  get due(): boolean {
    return this.#due && !this.#startFailures.resting && !this.#stopped
  }

  /** Whether a client would be served. */
  get ready(): boolean {
    if (!this.#ready && this.#someReady) {
      this.#ready = true
      this.#ahead.spares.ringWhenReady(false)
    }
    return this.#ready
  }

  /** Why the server cannot go on. */
  get failure(): Failure | undefined {
    return this.#startFailures.failure
  }

  /** Workers that wait for a client. */
  get idle(): number {
    return this.#states().filter(({ state }) => state === IDLE).length
  }

  /** Forks as many as are short. Returns in a child what it is to do. */
  fill(): Become | undefined {
    this.#due = false
    for (;;) {
      // first: whoever takes a client after this rings, and who has taken one before is seen
      this.#setBell()
      const count = this.#missing()
      if (count === 0) return undefined
      for (let left = count; left > 0; left--) {
        const become = this.fork()
        if (become !== undefined) return become
        if (this.#startFailures.resting) return undefined
      }
    }
  }

  #setBell(): void {
    const { spares, limits } = this.#ahead
    if (this.#all < limits.maxWorkers) spares.ringBelow(limits.minSpare)
    // nothing can be done but to say that all are taken; set by the next look again, or with every worker taken and freed all the time
    // each connection would wake us
    else if (spares.free <= 0) this.#limitLog.reached()
    else spares.ringBelow(1)
  }

  #missing(): number {
    const { spares, limits } = this.#ahead
    const all = this.#all
    const short = this.#policy.toFork(spares.free, all, Date.now())
    const replaced = Math.min(this.#toReplace, limits.maxWorkers - all)
    this.#toReplace = 0
    return Math.max(short, replaced)
  }

  /** One is to be forked although enough are free. */
  wantOne(): void {
    this.#toReplace++
    this.#due = true
  }

  /** Forks one. Returns in a child what it is to do. */
  fork(): Become | undefined {
    const { board, processes } = this.#plan
    const { spares, ends, work, listening, requests, mostRequests } = this.#ahead
    const { setup } = processes
    const number = this.#forked + 1
    const startedMs = Date.now()
    const slot = board.take('prefork', 0, -1, startedMs)
    const most = Math.min(requests(), mostRequests)
    spares.forked()
    const beforeMs = nowMs()
    let pid: number
    try {
      pid = processes.fork()
    } catch (error) {
      spares.ended()
      board.release(slot)
      this.#startFailures.cannotFork(error as Error)
      return undefined
    }
    this.#forked = number
    if (pid === 0) {
      board.show(slot)
      leadTree()
      for (const report of this.#reports) close(report)
      const row = board.rowAfter(slot)
      const worker = { number, slot, requests: most, listening, board, row, pid: getpid(), spares, ends: ends?.[1] }
      const become = work(worker, setup)
      if (typeof become !== 'number') return become
      processes.exit(become)
      board.release(slot)
      return undefined
    }
    board.forked(slot, pid, beforeMs)
    this.#children.add({ pid, role: 'prefork', id: number, peer: undefined, startedMs, slot })
    this.#watchdog.watch()
    this.#look ??= this.#reactor.after(LOOK_MS, this.#lookAround)
    return undefined
  }

  /** A worker was reaped; its slot still has what it showed last. */
  ended(child: Child, status: number, stopping: boolean): void {
    const { board, tellsEnds } = this.#plan
    const state = board.word(child.slot, STATE)
    const served = board.word(child.slot, CONNECTION) > 0
    const row = board.rowAfter(child.slot)
    if (state !== BUSY) this.#ahead.spares.ended()
    else if (!endedWell(status)) child.peer = board.clientOf(row)
    // what it has told itself was before
    if (tellsEnds) this.#hearEnds()
    if (board.pidOf(row) === child.pid) {
      if (tellsEnds) this.#roll.endedInRow(row, status, stopping)
      board.leave(row)
    }
    this.#due = true
    if (this.#stopped) return
    if (state === STARTING || !(served || endedWell(status)))
      this.#startFailures.failedToStart(status, board.accepted, this.#someReady)
    // the kernel may have woken it for a client that nobody else was woken for: whoever starts looks first whether one waits
    else if (state === IDLE && !endedWell(status)) this.wantOne()
  }

  /** The server drains or stops. */
  stop(): void {
    this.#stopped = true
    this.#look?.cancel()
    this.#startFailures.stop()
    this.#limitLog.stop()
  }

  get #someReady(): boolean {
    return this.#states().some(({ state }) => state !== STARTING)
  }

  get #all(): number {
    return this.#children.count('prefork')
  }

  #states(): WorkerState[] {
    const { board } = this.#plan
    return [...this.#children.all()].flatMap((child) =>
      child.role === 'prefork' ? [{ child, state: board.word(child.slot, STATE) }] : [],
    )
  }

  #hearEnds(): void {
    for (const message of this.#ends?.take() ?? []) if (message.type === 'ended') this.#send(message)
  }

  readonly #heard = (): void => {
    this.#ahead.spares.hear()
    this.#due = true
  }

  readonly #lookAround = (): void => {
    this.#look = undefined
    if (this.#stopped || this.#all === 0) return
    this.#look = this.#reactor.after(LOOK_MS, this.#lookAround)
    const { spares, limits } = this.#ahead
    const { signals } = this.#plan.board.head
    const surplus = this.#policy.toEnd(spares.takeFewest())
    endLateStarters(this.#states(), limits.startTimeoutMs, signals, this.#log)
    if (surplus > 0) endSurplus(this.#states(), surplus, signals)
    this.#due = true
  }
}
