/** A blocking reactor over poll(2): the whole loop of a process that does not use Node's. */
import { POLLIN, POLLOUT } from '../posix/constants.js'
import { PollSet } from '../posix/poll.js'
import { READABLE, type Reactor, type Timer, type Watch, WRITABLE } from './reactor.js'
import { Timers } from './timers.js'

const wanted = (interest: number): number => (interest & READABLE ? POLLIN : 0) | (interest & WRITABLE ? POLLOUT : 0)

/** Errors and hang-ups count as ready: read and write will tell the truth. */
function readiness(revents: number, interest: number): number {
  if (revents & ~(POLLIN | POLLOUT)) return interest
  return ((revents & POLLIN ? READABLE : 0) | (revents & POLLOUT ? WRITABLE : 0)) & interest
}

class PollWatch implements Watch {
  constructor(
    readonly fd: number,
    public interest: number,
    readonly ready: (readiness: number) => void,
    readonly watches: PollWatch[],
  ) {}

  change(interest: number): void {
    this.interest = interest
  }

  stop(): void {
    this.interest = 0
    const index = this.watches.indexOf(this)
    if (index >= 0) this.watches.splice(index, 1)
  }
}

export class PollReactor implements Reactor {
  readonly #watches: PollWatch[] = []
  readonly #timers = new Timers()
  readonly #set = new PollSet()
  readonly #polled: PollWatch[] = []

  watch(fd: number, interest: number, ready: (readiness: number) => void): Watch {
    const watch = new PollWatch(fd, interest, ready, this.#watches)
    this.#watches.push(watch)
    return watch
  }

  after(delayMs: number, fire: () => void): Timer {
    return this.#timers.add(delayMs, fire)
  }

  /** Waits once, and calls back what became ready or due. */
  turn(): void {
    const set = this.#set
    const polled = this.#polled
    set.length = 0
    polled.length = 0
    for (const watch of this.#watches) {
      if (watch.interest === 0) continue
      set.add(watch.fd, wanted(watch.interest))
      polled.push(watch)
    }
    const ready = set.poll(this.#timers.untilNextMs())
    this.#timers.fireDue()
    if (ready === 0) return
    for (let index = 0; index < polled.length; index++) {
      const revents = set.revents(index)
      if (revents === 0) continue
      // an earlier callback of this turn may have changed or stopped the watch: mask with what it wants now
      const watch = polled[index] as PollWatch
      const now = readiness(revents, watch.interest)
      if (now !== 0) watch.ready(now)
    }
  }

  /** Turns until `done` says so. */
  run(done: () => boolean): void {
    while (!done()) this.turn()
  }
}
