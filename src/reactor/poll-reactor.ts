/** A blocking reactor over poll(2): the whole loop of a process that does not use Node's. */
import { POLLIN, POLLOUT } from '../libc/constants.js'
import { PollSet } from '../libc/poll.js'
import { READABLE, type Reactor, type Timer, type Watch, WRITABLE } from './reactor.js'
import { Timers } from './timers.js'

const wanted = (interest: number): number => (interest & READABLE ? POLLIN : 0) | (interest & WRITABLE ? POLLOUT : 0)

/** Errors and hang-ups count as ready: read and write will tell the truth. */
function readiness(revents: number, interest: number): number {
  if (revents & ~(POLLIN | POLLOUT)) return interest
  return ((revents & POLLIN ? READABLE : 0) | (revents & POLLOUT ? WRITABLE : 0)) & interest
}

/** Skipped by the kernel. poll(2) */
const NO_FD = -1

export class PollWatch implements Watch {
  interest = 0
  /** The entry in the poll set; -1 once stopped. */
  index: number

  constructor(
    readonly fd: number,
    readonly ready: (readiness: number) => void,
    readonly reactor: PollReactor,
    index: number,
  ) {
    this.index = index
  }

  change(interest: number): void {
    if (this.index < 0 || interest === this.interest) return
    this.interest = interest
    this.reactor.set.set(this.index, interest === 0 ? NO_FD : this.fd, wanted(interest))
  }

  more(): void {
    // poll(2) reports whatever is ready each time
  }

  stop(): void {
    if (this.index < 0) return
    this.change(0)
    this.reactor.forget(this)
  }
}

export class PollReactor implements Reactor {
  /** Aligned with the entries of the set. */
  readonly #watches: PollWatch[] = []
  readonly #timers = new Timers()
  readonly set = new PollSet()
  /** Calling back: entries must stay where they are. */
  #turning = false
  #stopped = 0

  watch(fd: number, interest: number, ready: (readiness: number) => void): PollWatch {
    const watch = new PollWatch(fd, ready, this, this.#watches.length)
    this.#watches.push(watch)
    this.set.add(NO_FD, 0)
    watch.change(interest)
    return watch
  }

  after(delayMs: number, fire: () => void): Timer {
    return this.#timers.add(delayMs, fire)
  }

  /** Drops a stopped watch, or notes to do so after the turn. */
  forget(watch: PollWatch): void {
    if (this.#turning) this.#stopped++
    else this.remove(watch.index)
    watch.index = -1
  }

  private remove(index: number): void {
    const last = this.#watches.pop() as PollWatch
    this.set.remove(index)
    if (index === this.#watches.length) return
    this.#watches[index] = last
    if (last.index >= 0) last.index = index
  }

  /** Waits once, and calls back what became ready or due. */
  turn(): void {
    const count = this.set.length
    let ready = this.set.poll(this.#timers.untilNextMs())
    this.#turning = true
    this.#timers.fireDue()
    for (let index = 0; index < count && ready > 0; index++) {
      const revents = this.set.revents(index)
      if (revents === 0) continue
      ready--
      // an earlier callback of this turn may have changed or stopped the watch: mask with what it wants now
      const watch = this.#watches[index] as PollWatch
      const now = readiness(revents, watch.interest)
      if (now !== 0) watch.ready(now)
    }
    this.#turning = false
    if (this.#stopped > 0) this.sweep()
  }

  private sweep(): void {
    this.#stopped = 0
    for (let index = this.#watches.length - 1; index >= 0; index--)
      if ((this.#watches[index] as PollWatch).index < 0) this.remove(index)
  }

  /** Turns until `done` says so. */
  run(done: () => boolean): void {
    while (!done()) this.turn()
  }
}
