/** How long each process has been at work without a turn of its loop: what a handler that loops for ever looks like. */
import { wantedCpuMs } from '../libc/run-time.js'
import { TURNS } from '../reactor/slot.js'
import type { Scoreboard } from './scoreboard.js'

/** Looks at the CPU time of processes that may only be waiting, a second: about a hundredth of a core. */
const LOOKS_A_SECOND = 400
/** Of the time between two looks, what a process that only waits does not use. */
const AT_WORK = 0.5

interface Suspect {
  turns: number
  /** Since when it may be at work, without a turn. */
  sinceMs: number
  /** When its CPU time was looked at last, and what it was; undefined before. */
  lookedMs: number
  cpuMs: number | undefined
  nextLookMs: number
}

export class BusyTimes {
  readonly #board: Scoreboard
  readonly #suspects = new Map<number, Suspect>()

  constructor(board: Scoreboard) {
    this.#board = board
  }

  /** Milliseconds until now; 0 for a process that waits, or whose loop turns. */
  look(pid: number, slot: number, nowMs: number): number {
    const turns = this.#board.word(slot, TURNS)
    const suspect = this.#suspects.get(pid)
    // even: it waits in poll(2)
    if (turns % 2 === 0 || suspect?.turns !== turns) {
      if (turns % 2 === 0) this.#suspects.delete(pid)
      else this.#suspects.set(pid, { turns, sinceMs: nowMs, lookedMs: nowMs, cpuMs: undefined, nextLookMs: nowMs })
      return 0
    }
    if (nowMs < suspect.nextLookMs) return 0
    const cpuMs = wantedCpuMs(pid)
    const before = suspect.cpuMs
    const elapsedMs = nowMs - suspect.lookedMs
    suspect.cpuMs = cpuMs
    suspect.lookedMs = nowMs
    if (cpuMs === undefined || before === undefined) return 0
    if (cpuMs - before >= AT_WORK * elapsedMs) return nowMs - suspect.sinceMs
    suspect.sinceMs = nowMs
    suspect.nextLookMs = nowMs + (this.#suspects.size / LOOKS_A_SECOND) * 1000
    return 0
  }

  /** Whoever has ended. */
  forget(pid: number): void {
    this.#suspects.delete(pid)
  }
}
