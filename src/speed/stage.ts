/**
 * How a supervisor forks for connections: for real, or in play. In play no process is made: the supervisor itself goes
 * the child's way, and comes back where the child would have ended. So the child's code is compiled, and V8 has learnt
 * it, before there is a child.
 */
import { _exit } from '../libc/process.js'

/** Two, so that V8 does not take the one it saw for the only one there will be. */
const inPlay: readonly ((status: number) => void)[] = [() => {}, () => {}]

export class Stage {
  /** 0 for real; in play, a number that changes from one play to the next. */
  play = 0
  readonly #fork: () => number

  /** @param fork returns 0 in the child */
  constructor(fork: () => number) {
    this.#fork = fork
  }

  fork(): number {
    return this.play > 0 ? 0 : this.#fork()
  }

  /** Ends a connection process. Returns in play only. */
  exit(status: number): void {
    const end = this.play > 0 ? (inPlay[(this.play >> 1) & 1] as (status: number) => void) : _exit
    end(status)
  }
}
