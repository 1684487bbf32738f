/**
 * Connection processes of a rehearsal. In every second one no process is made: the supervisor itself goes the child's way,
 * and comes back where the child would have ended. So the child's code is compiled, and V8 has learnt it, before there is a
 * child.
 */
import { _exit } from '../libc/process.js'

function assertWell(status: number): void {
  if (status !== 0) throw new Error('rehearsal: the handler has failed, or waits for more than its client')
}

/** Two, so that V8 does not take the one it saw for the only one there will be. */
const goOn: readonly ((status: number) => void)[] = [(status) => assertWell(status), (status) => assertWell(status)]

/** Kept for the real ones too: what V8 has compiled for one object is of no use to another of a different kind. */
export class ImitableProcesses<Setup> {
  /** 0 for real; while a child is imitated, a number that changes from one to the next. */
  imitating = 0
  readonly #fork: () => number
  readonly #real: Setup
  readonly #imitated: Setup

  /**
   * @param fork returns 0 in the child
   * @param imitated what the supervisor may do to itself
   */
  constructor(fork: () => number, real: Setup, imitated: Setup) {
    this.#fork = fork
    this.#real = real
    this.#imitated = imitated
  }

  get setup(): Setup {
    return this.imitating > 0 ? this.#imitated : this.#real
  }

  fork(): number {
    return this.imitating > 0 ? 0 : this.#fork()
  }

  exit(status: number): void {
    const end = this.imitating > 0 ? (goOn[(this.imitating >> 1) & 1] as (status: number) => void) : _exit
    end(status)
  }
}
