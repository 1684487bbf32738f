/** The contract of a reactor: who waits for descriptors and timers, and calls back. Two: blocking-reactor, node-reactor. */

/** Interest and readiness are bit sets of these two; a descriptor in error or hung up is ready for whatever it was asked. */
export const READABLE = 1
export const WRITABLE = 2

/**
 * With READABLE, in an interest: the callback takes all there is, or says `more`. Saves a poller the second look by which it
 * finds out that nothing is left; who does not care about that ignores it. For TCP, where less than asked for means all.
 */
export const DRAINS = 8

/** A descriptor under watch. */
export interface Watch {
  /** Replaces the interest; 0 leaves the descriptor unwatched until the next change. */
  change(interest: number): void
  /** With DRAINS: there is more than was taken, so call back again though nothing new may come. */
  more(): void
  /** Ends the watch. To be called before the descriptor is closed. Nothing is called back afterwards, not even in the same turn. */
  stop(): void
}

/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void
}

export interface Reactor {
  /** Whether it lives in Node's loop, so that streams and promises go on beside it. */
  readonly inNode: boolean
  /** Calls `ready` whenever `fd` is ready for something of `interest`; level-triggered. One watch a descriptor. */
  watch(fd: number, interest: number, ready: (readiness: number) => void): Watch
  /** Calls `fire` once, not before `delayMs` have passed. */
  after(delayMs: number, fire: () => void): Timer
  /** Calls `act` once, when all has been called back that this turn has found; at once outside of a turn. */
  afterTurn(act: () => void): void
}
