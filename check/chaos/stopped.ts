/** Who is stopped: each is continued after its time, whatever has become of its server. */
import { type Stat, statOf } from '../../test/harness/proc.js'
import { isStill } from './tree.js'

export class Stopped {
  readonly #processes = new Map<number, { stat: Stat; timer: NodeJS.Timeout }>()
  readonly #changed: () => void

  /** @param changed called whenever somebody was stopped or continued */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Whether somebody is. */
  get any(): boolean {
    for (const [pid, { stat, timer }] of this.#processes)
      if (!isStill(stat)) {
        clearTimeout(timer)
        this.#processes.delete(pid)
      }
    return this.#processes.size > 0
  }

  stop(pid: number, forMs: number): void {
    const stat = statOf(pid)
    if (stat === undefined) return
    clearTimeout(this.#processes.get(pid)?.timer)
    this.#processes.set(pid, { stat, timer: setTimeout(() => this.goOn(pid), forMs) })
    process.kill(pid, 'SIGSTOP')
    this.#changed()
  }

  /** Also when it was not stopped. */
  goOn(pid: number): void {
    const stopped = this.#processes.get(pid)
    clearTimeout(stopped?.timer)
    this.#processes.delete(pid)
    if (stopped === undefined || isStill(stopped.stat)) process.kill(pid, 'SIGCONT')
    this.#changed()
  }

  allGoOn(): void {
    for (const pid of this.#processes.keys()) this.goOn(pid)
  }
}
