/**
 * Ends processes that no deadline of their own reaches, because a handler does not give its thread back. It needs nothing of them: how
 * old they are, whether their loops turn (the scoreboard), and what CPU time they take (the kernel).
 */
import { formatAddress } from '../libc/address.js'
import { SIGKILL } from '../libc/constants.js'
import type { Reactor, Timer } from '../reactor/reactor.js'
import { BUSY, CONNECTION, DESCRIPTOR, EXTENDED_UNTIL_MS, STARTED_MS, STATE } from '../reactor/slot.js'
import { BusyTimes } from './busy-times.js'
import type { Child, Children } from './children.js'
import { isGone } from './client-gone.js'
import { endChild } from './end-child.js'
import type { Log } from './log.js'
import type { WatchLimits } from './plan.js'
import type { Scoreboard } from './scoreboard.js'

/** Its own deadline comes first, and its handler hears of that. */
const GRACE_MS = 200
/** Of hungMs, for a process whose client is known to be gone. */
const GONE = 0.1
/** Of hungMs, for a worker to be named in the log. */
const WARNED = 0.5
const LOOKS_A_LIMIT = 5
const SHORTEST_MS = 20
const LONGEST_MS = 1000

export class Watchdog {
  readonly #reactor: Reactor
  readonly #board: Scoreboard
  readonly #children: Children
  readonly #limits: WatchLimits
  readonly #log: Log
  readonly #busy: BusyTimes
  readonly #everyMs: number
  /** Told to end, or named in the log, and since when what was meant has run: a worker may serve somebody else by now. */
  readonly #told = new Map<number, number>()
  #timer: Timer | undefined

  constructor(reactor: Reactor, board: Scoreboard, children: Children, limits: WatchLimits, log: Log) {
    this.#reactor = reactor
    this.#board = board
    this.#children = children
    this.#limits = limits
    this.#log = log
    this.#busy = new BusyTimes(board)
    const shortest = Math.min(...[limits.maxConnectionMs, limits.hungMs].filter((limit) => limit > 0))
    this.#everyMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, shortest / LOOKS_A_LIMIT))
  }

  /** A process was forked: looks from now on, as long as there is any. */
  watch(): void {
    if (this.#timer === undefined) this.#timer = this.#reactor.after(this.#everyMs, this.#look)
  }

  ended(pid: number): void {
    this.#told.delete(pid)
    this.#busy.forget(pid)
  }

  readonly #look = (): void => {
    this.#timer = undefined
    const { maxConnectionMs, hungMs } = this.#limits
    if (maxConnectionMs === 0 && hungMs === 0) return
    const nowMs = Date.now()
    for (const child of this.#children.all()) {
      const { role } = child
      if (role !== 'connection' && role !== 'worker' && role !== 'prefork') continue
      this.watch()
      if (this.#board.word(child.slot, EXTENDED_UNTIL_MS) > nowMs) this.#busy.forget(child.pid)
      else {
        if (maxConnectionMs > 0) this.#endOld(child, nowMs)
        if (hungMs > 0) this.#endHung(child, nowMs)
      }
    }
  }

  #endOld(child: Child, nowMs: number): void {
    if (child.role === 'worker' || !this.#serves(child)) return
    const ms = nowMs - this.#since(child)
    const overdueMs = ms - this.#limits.maxConnectionMs
    if (overdueMs < GRACE_MS || this.#wasTold(child)) return
    this.#say(child, 'warn', `open for longer than ${this.#limits.maxConnectionMs} ms: ended`, ms)
    const since = this.#since(child)
    endChild(
      child.pid,
      this.#board.head.signals,
      this.#reactor,
      () => this.#children.runs(child) && this.#since(child) === since,
    )
  }

  #endHung(child: Child, nowMs: number): void {
    const busyMs = Math.round(this.#busy.look(child.pid, child.slot, nowMs))
    const { hungMs } = this.#limits
    if (busyMs < hungMs * GONE) return
    if (busyMs >= hungMs) {
      this.#say(child, 'error', `at work for ${busyMs} ms without a turn of its loop: killed`, busyMs, true)
      this.#board.head.signals.send(child.pid, SIGKILL)
    } else if (child.role === 'worker') {
      if (busyMs >= hungMs * WARNED)
        this.#say(child, 'warn', `at work for ${busyMs} ms without a turn of its loop; all its clients wait`, busyMs)
    } else if (isGone(child.pid, this.#board.word(child.slot, DESCRIPTOR))) {
      this.#say(child, 'error', `at work for ${busyMs} ms though its client is gone: killed`, busyMs, true)
      this.#board.head.signals.send(child.pid, SIGKILL)
    }
  }

  /** Whether it has a connection, of those that have one at a time. */
  #serves({ role, slot }: Child): boolean {
    return role !== 'prefork' || this.#board.word(slot, STATE) === BUSY
  }

  /** When what it serves began: the process, or its present connection. */
  #since(child: Child): number {
    return child.role === 'prefork' ? this.#board.word(child.slot, STARTED_MS) : child.startedMs
  }

  #wasTold(child: Child): boolean {
    return this.#told.get(child.pid) === this.#since(child)
  }

  /** Of a worker the one it turned to last, as the board has it: behind a proxy the kernel knows only that. */
  #client({ pid, slot }: Child): string | undefined {
    const connection = this.#board.word(slot, CONNECTION)
    for (const row of this.#board.rows())
      if (this.#board.pidOf(row) === pid && this.#board.word(row, CONNECTION) === connection)
        return this.#board.peerOf(row)
    return undefined
  }

  /** Once a process, and once more when it is ended. */
  #say(child: Child, level: 'warn' | 'error', words: string, ms: number, again = false): void {
    if (!again && this.#wasTold(child)) return
    this.#told.set(child.pid, this.#since(child))
    const { pid, role, id, peer, slot } = child
    const client = peer === undefined ? this.#client(child) : formatAddress(peer)
    const connection = role !== 'connection' ? { connection: this.#board.word(slot, CONNECTION) } : {}
    this.#log[level](
      { child: pid, role, id, ...connection, ...(client === undefined ? {} : { peer: client }), ms },
      `${role} process ${words}`,
    )
  }
}
