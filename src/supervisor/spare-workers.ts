/**
 * Workers that are forked ahead of their clients, each of which accepts for itself and serves one connection at a time. Here is decided
 * how many there are: some free ones always, so that no client waits for a fork.
 */
import { SIGKILL } from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { getpid, leadTree, trySignal } from '../libc/process.js'
import { SIGRTMAX } from '../libc/signal-constants.js'
import type { BlockingReactor } from '../reactor/blocking-reactor.js'
import { READABLE, type Timer } from '../reactor/reactor.js'
import { BUSY, CONNECTION, IDLE, STARTING, STATE } from '../reactor/slot.js'
import { BackOff } from './back-off.js'
import { type FromService, type FromSupervisor, LineReader } from './channel.js'
import type { Child, Children } from './children.js'
import type { ConnectionRoll } from './connection-roll.js'
import { describeExit, EXIT, endedWell } from './exit-status.js'
import { LimitLog } from './limit-log.js'
import type { Log } from './log.js'
import type { AheadPlan, Become, SupervisorPlan } from './plan.js'
import { SparePolicy } from './spare-policy.js'
import { waitingClients } from './waiting-clients.js'
import type { Watchdog } from './watchdog.js'

/** A worker that waits for a client leaves when it comes; one that serves does not hear it. */
export const LEAVE_IF_IDLE = SIGRTMAX

const LOOK_MS = 1000

/** What of the supervisor this acts on. */
export interface Surroundings {
  readonly plan: SupervisorPlan
  readonly reactor: BlockingReactor
  readonly children: Children
  readonly watchdog: Watchdog
  readonly roll: ConnectionRoll
  readonly send: (message: FromSupervisor) => void
  /** Descriptors that are the supervisor's alone. */
  readonly reports: readonly number[]
}

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
  readonly #backOff = new BackOff(20, 2000)
  /** Asked for at every turn. */
  #due = true
  #forked = 0
  /** Looks from time to time, as long as there is any worker. */
  #look: Timer | undefined
  /** Nothing is forked until it fires: forking failed, or what was forked. */
  #rest: Timer | undefined
  /** To be forked although enough are free. */
  #toReplace = 0
  #failures = 0
  /** Connections that were accepted when the last start failed. */
  #acceptedAtFailure = 0
  /** Those who end are not replaced. */
  #stopped = false
  /** Whether a worker has ever been free. */
  #ready = false
  /** Why the server cannot go on. */
  failure: { message: string; exitCode: number } | undefined

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
    const waiting = (): number => ahead.listening.reduce((sum, each) => sum + waitingClients(each), 0)
    this.#limitLog = new LimitLog(reactor, plan.log, ahead.limits.maxWorkers, waiting)
    reactor.watch(ahead.spares.heard, READABLE, this.#heard)
    ahead.spares.ringWhenReady(true)
    if (ahead.ends === undefined) return
    this.#ends = new LineReader(ahead.ends[0])
    reactor.watch(ahead.ends[0], READABLE, () => this.#hearEnds())
  }

  /** Whether some may have to be forked. */
  get due(): boolean {
    return this.#due && this.#rest === undefined && !this.#stopped
  }

  /** Whether a client would be served. */
  get ready(): boolean {
    if (!this.#ready && this.#states().some(([, state]) => state !== STARTING)) {
      this.#ready = true
      this.#ahead.spares.ringWhenReady(false)
    }
    return this.#ready
  }

  /** Workers that wait for a client. */
  get idle(): number {
    return this.#states().filter(([, state]) => state === IDLE).length
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
        if (this.#rest !== undefined) return undefined
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
    let pid: number
    try {
      pid = processes.fork()
    } catch (error) {
      spares.ended()
      board.release(slot)
      this.#cannotFork(error as Error)
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
    board.forked(slot, pid)
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
    if (state === STARTING || !(served || endedWell(status))) this.#failedToStart(status)
    // the kernel may have woken it for a client that nobody else was woken for: whoever starts looks first whether one waits
    else if (state === IDLE && !endedWell(status)) this.wantOne()
  }

  /** The server drains or stops. */
  stop(): void {
    this.#stopped = true
    this.#look?.cancel()
    this.#rest?.cancel()
    this.#limitLog.stop()
  }

  get #all(): number {
    return this.#children.count('prefork')
  }

  #states(): [Child, number][] {
    return [...this.#children.all()].flatMap((child) =>
      child.role === 'prefork' ? [[child, this.#plan.board.word(child.slot, STATE)] as [Child, number]] : [],
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
    this.#endLateStarters(Date.now())
    this.#endSurplus(this.#policy.toEnd(this.#ahead.spares.takeFewest()))
    this.#due = true
  }

  #endLateStarters(nowMs: number): void {
    const { startTimeoutMs } = this.#ahead.limits
    for (const [{ pid, id, startedMs }, state] of this.#states()) {
      if (state !== STARTING || nowMs - startedMs < startTimeoutMs) continue
      this.#log.error(
        { child: pid, role: 'prefork', id, ms: nowMs - startedMs },
        'prefork process does not start: killed',
      )
      trySignal(pid, SIGKILL)
    }
  }

  /** The oldest first. One that has taken a client meanwhile does not hear it. */
  #endSurplus(count: number): void {
    let left = count
    for (const [{ pid }, state] of left > 0 ? this.#states() : [])
      if (state === IDLE && left > 0) {
        trySignal(pid, LEAVE_IF_IDLE)
        left--
      }
  }

  #cannotFork({ message, code }: NodeJS.ErrnoException): void {
    const first = this.#backOff.fresh
    const retryMs = this.#restFor(this.#backOff.failed())
    if (first) this.#log.error({ code, retryMs }, `cannot fork: ${message}`)
  }

  #failedToStart(status: number): void {
    const { board } = this.#plan
    const { maxStartFailures } = this.#ahead.limits
    if (board.accepted !== this.#acceptedAtFailure) {
      this.#failures = 0
      this.#backOff.succeeded()
    }
    this.#acceptedAtFailure = board.accepted
    this.#failures++
    const waitMs = this.#restFor(this.#backOff.failed())
    this.#log.info({ role: 'prefork', waitMs }, 'restarting')
    if (this.#failures < maxStartFailures || this.#states().some(([, state]) => state !== STARTING)) return
    const times = this.#failures === 1 ? 'a worker' : `${this.#failures} workers in a row`
    const message = `${times} ended before serving anybody, the last one ${describeExit(status)}`
    this.failure = { message, exitCode: EXIT.system }
  }

  #restFor(waitMs: number): number {
    this.#rest?.cancel()
    this.#rest = this.#reactor.after(waitMs, () => {
      this.#rest = undefined
      this.#due = true
    })
    return waitMs
  }
}
