/**
 * The service processes of a supervisor, restarted with back-off when they end: the store's writer, started first and ended
 * last, and workers, which need the others and are started when those are ready.
 */
import type { Run } from '../fork/descriptors.js'
import { O_CLOEXEC, O_NONBLOCK } from '../libc/constants.js'
import { close, pipe2 } from '../libc/fd.js'
import type { PosixError } from '../libc/posix-error.js'
import type { BlockingReactor } from '../reactor/blocking-reactor.js'
import { READABLE, type Watch } from '../reactor/reactor.js'
import { BackOff } from './back-off.js'
import { type FromService, LineReader } from './channel.js'
import type { Role } from './children.js'
import { EXIT } from './exit-status.js'
import type { Log } from './log.js'

/** A service that has been up for so long has not failed when it ends: the next one starts at once. */
const STEADY_MS = 5000

/** A process that serves the server rather than a client. */
export interface ServiceProcess {
  role: Exclude<Role, 'connection' | 'prefork'>
  /** Descriptors of the server that this process must not hold. */
  close: readonly Run[]
  /** Its own: it may have the number of one that the supervisor has closed since it wrote down what children are to close. */
  report: number
  /** Counts those of the same role from 1, as its title does; undefined for the only one. */
  number: number | undefined
  /** Runs in the forked process; returns only into Node's event loop. */
  main(): void
}

/** What a service is made from: `report` is the descriptor for its messages to the supervisor. */
export interface Service {
  role: Exclude<Role, 'connection' | 'prefork'>
  close: readonly Run[]
  number?: number
  main(report: number): void
}

interface Slot {
  service: Service
  backOff: BackOff
  pid: number | undefined
  /** It could not be started, which was said. */
  short: boolean
  due: boolean
  ready: boolean
  /** When it last said so; `performance.now()`. */
  readySince: number | undefined
  watch: Watch | undefined
  report: number | undefined
  lines: LineReader<FromService> | undefined
}

export class Services {
  readonly #slots: Slot[]
  readonly #reactor: BlockingReactor
  readonly #log: Log
  readonly #tell: (message: Extract<FromService, { type: 'ended' }>) => void
  #finishing = false
  #workersRetired = false
  /** Descriptors on which services report: the supervisor's alone. */
  readonly reports: number[] = []
  /** Asked for at every turn: cheaper than looking at each. */
  #someDue = true
  /** Why the server cannot start; set when a service reports so before it was ever ready. */
  failure: { message: string; exitCode: number } | undefined

  /** @param tell passes on what is for the launcher */
  constructor(
    services: readonly Service[],
    reactor: BlockingReactor,
    log: Log,
    tell: (message: Extract<FromService, { type: 'ended' }>) => void,
  ) {
    this.#tell = tell
    this.#reactor = reactor
    this.#log = log
    this.#slots = services.map((service) => ({
      service,
      backOff: new BackOff(20, 1000),
      pid: undefined,
      short: false,
      due: true,
      ready: false,
      readySince: undefined,
      watch: undefined,
      report: undefined,
      lines: undefined,
    }))
  }

  /** Whether one is to be started. */
  get due(): boolean {
    return this.#someDue
  }

  /** Reports whether every service has said that it is ready. */
  get ready(): boolean {
    return this.#slots.every((slot) => slot.ready)
  }

  /** Forks the services that are due. Returns in a child what it is to do. */
  startDue(forkService: (process: ServiceProcess) => number | (() => void)): (() => void) | undefined {
    this.#someDue = false
    for (const slot of this.#slots) {
      if (!slot.due || this.#finishing) continue
      if (slot.service.role === 'worker' && !this.#readyFor('worker')) continue
      slot.due = false
      const ends = this.#attempt(slot, () => pipe2(O_CLOEXEC | O_NONBLOCK))
      if (ends === undefined) continue
      const [readEnd, writeEnd] = ends
      const { role, main } = slot.service
      const others = this.reports.map((report) => [report, report] as const)
      const process: ServiceProcess = {
        role,
        number: slot.service.number,
        close: [...slot.service.close, ...others, [readEnd, readEnd]],
        report: writeEnd,
        main: () => main(writeEnd),
      }
      const forked = this.#attempt(slot, () => forkService(process))
      if (typeof forked === 'function') return forked
      close(writeEnd)
      if (forked === undefined) close(readEnd)
      else this.#listen(slot, forked, readEnd)
    }
    return undefined
  }

  /** What the system has no room for now is tried again, and said once. */
  #attempt<Result>(slot: Slot, act: () => Result): Result | undefined {
    try {
      return act()
    } catch (error) {
      const { role } = slot.service
      if (!slot.short)
        this.#log.error({ role, code: (error as PosixError).code }, `cannot start: ${(error as Error).message}`)
      slot.short = true
      this.#startAfter(slot, slot.backOff.failed())
      return undefined
    }
  }

  #listen(slot: Slot, pid: number, report: number): void {
    slot.pid = pid
    slot.short = false
    slot.report = report
    this.reports.push(report)
    slot.lines = new LineReader<FromService>(report)
    slot.watch = this.#reactor.watch(report, READABLE, () => this.#listenOn(slot))
  }

  #listenOn(slot: Slot): void {
    if (slot.lines === undefined) return
    for (const message of slot.lines.take()) this.#heard(slot, message)
    if (slot.lines.ended) this.#deafen(slot)
  }

  #deafen(slot: Slot): void {
    slot.watch?.stop()
    if (slot.report !== undefined) {
      close(slot.report)
      this.reports.splice(this.reports.indexOf(slot.report), 1)
    }
    slot.watch = undefined
    slot.report = undefined
    slot.lines = undefined
  }

  #heard(slot: Slot, message: FromService): void {
    const { role } = slot.service
    switch (message.type) {
      case 'ready':
        slot.ready = true
        this.#someDue = true // what waited for it
        slot.readySince = performance.now()
        break
      case 'log':
        this.#log[message.level]({ role }, message.message)
        break
      case 'ended':
        this.#tell(message)
        break
      case 'failed':
        if (!slot.ready) this.failure ??= message
        this.#log.error({ role }, message.message)
        break
    }
  }

  /** A service process was reaped: it starts again, later each time it fails. */
  ended(pid: number, words: string): void {
    const slot = this.#slots.find((candidate) => candidate.pid === pid)
    if (slot === undefined) return
    slot.pid = undefined
    this.#listenOn(slot) // its last words may still be in the pipe
    this.#deafen(slot)
    // not because it said `ready`: it may crash right after that, each time
    if (slot.readySince !== undefined && performance.now() - slot.readySince >= STEADY_MS) slot.backOff.succeeded()
    slot.readySince = undefined
    if (!this.#finishing && !slot.ready)
      this.failure ??= { message: `the ${slot.service.role} ${words} before it was ready`, exitCode: EXIT.system }
    this.#restart(slot)
  }

  #readyFor(role: Role): boolean {
    return this.#slots.every((slot) => slot.ready || slot.service.role === role)
  }

  #restart(slot: Slot): void {
    if (this.#over(slot)) return
    const waitMs = slot.backOff.failed()
    this.#log.info({ role: slot.service.role, waitMs }, 'restarting')
    this.#startAfter(slot, waitMs)
  }

  #startAfter(slot: Slot, waitMs: number): void {
    this.#reactor.after(waitMs, () => {
      if (this.#over(slot)) return
      slot.due = true
      this.#someDue = true
    })
  }

  /** It is not to be started again. */
  #over({ service }: Slot): boolean {
    return this.#finishing || (this.#workersRetired && service.role === 'worker')
  }

  /** No connections any more: workers end, and are not restarted. */
  retireWorkers(): void {
    this.#workersRetired = true
    for (const slot of this.#slots) if (slot.service.role === 'worker') slot.due = false
  }

  /** The server ends: nothing is restarted from now on. */
  finish(): void {
    this.#finishing = true
  }
}
