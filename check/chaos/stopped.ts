/** Who is stopped: each is continued after its time, whatever has become of its server. */
import { type Stat, statOf } from '../../test/harness/proc.js'
import { isStill } from './tree.js'

export class Stopped {
  readonly #processes = new Map<number, { stat: Stat; timer: NodeJS.Timeout; waitedFor: boolean }>()
  readonly #changed: () => void

  /** @param changed called whenever somebody was stopped or continued */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Whether somebody is. */
  get any(): boolean {
    this.#forgetEnded()
    return this.#processes.size > 0
  }

  /** Whether somebody is for whom all clients wait. */
  get waitedFor(): boolean {
    this.#forgetEnded()
    return [...this.#processes.values()].some(({ waitedFor }) => waitedFor)
  }

  #forgetEnded(): void {
    for (const [pid, { stat, timer }] of this.#processes)
      if (!isStill(stat)) {
        clearTimeout(timer)
        this.#processes.delete(pid)
      }
  }

  stop(pid: number, forMs: number, waitedFor: boolean): void {
    const stat = statOf(pid)
    if (stat === undefined) return
    clearTimeout(this.#processes.get(pid)?.timer)
    this.#processes.set(pid, { stat, timer: setTimeout(() => this.goOn(pid), forMs), waitedFor })
    process.kill(pid, 'SIGSTOP')
    this.#changed()
  }

  /** Also when it was not stopped. */
  goOn(pid: number): void {
    const stopped = this.#processes.get(pid)
    clearTimeout(stopped?.timer)
    this.#processes.delete(pid)
    try {
      if (stopped === undefined || isStill(stopped.stat)) process.kill(pid, 'SIGCONT')
    } catch {
      // it has just ended
    }
    this.#changed()
  }

  allGoOn(): void {
    for (const pid of this.#processes.keys()) this.goOn(pid)
  }
}
