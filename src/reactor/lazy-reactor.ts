/** A reactor that blocks as long as that will do, and can go over to Node's loop with all that is under way. */
import { type Compilable, methodsOf } from '../engine/compile.js'
import { nowMs } from '../libc/clock.js'
import { BlockingReactor } from './blocking-reactor.js'
import type { Reactor, Timer, Watch } from './reactor.js'
import { TimedPoller } from './timed-poller.js'

class LazyWatch implements Watch {
  readonly #reactor: LazyReactor
  readonly #fd: number
  readonly #ready: (readiness: number) => void
  #interest: number
  #now: Watch

  constructor(reactor: LazyReactor, now: Reactor, fd: number, interest: number, ready: (readiness: number) => void) {
    this.#reactor = reactor
    this.#fd = fd
    this.#interest = interest
    this.#ready = ready
    this.#now = now.watch(fd, interest, ready)
  }

  change(interest: number): void {
    this.#interest = interest
    this.#now.change(interest)
  }

  more(): void {
    this.#now.more()
  }

  stop(): void {
    this.#now.stop()
    this.#reactor.forgetWatch(this)
  }

  moveTo(next: Reactor): void {
    this.#now.stop()
    this.#now = next.watch(this.#fd, this.#interest, this.#ready)
  }
}

class LazyTimer implements Timer {
  readonly #reactor: LazyReactor
  readonly #atMs: number
  readonly #fire: () => void
  #now: Timer

  constructor(reactor: LazyReactor, now: Reactor, delayMs: number, fire: () => void) {
    this.#reactor = reactor
    this.#atMs = nowMs() + delayMs
    this.#fire = fire
    this.#now = now.after(delayMs, () => this.#fired())
  }

  cancel(): void {
    this.#now.cancel()
    this.#reactor.forgetTimer(this)
  }

  moveTo(next: Reactor): void {
    this.#now.cancel()
    this.#now = next.after(Math.max(0, this.#atMs - nowMs()), () => this.#fired())
  }

  #fired(): void {
    this.#reactor.forgetTimer(this)
    this.#fire()
  }
}

/** What runs for every connection, beside the reactor itself. */
export const hot: readonly Compilable[] = [LazyWatch, ...methodsOf(LazyWatch, ['more', 'moveTo'])]

export class LazyReactor implements Reactor {
  /** Node's queues are run at each turn, and whatever else waits in it is a reason to go over to its loop. */
  readonly inNode = true
  readonly #poller = new TimedPoller()
  readonly #blocking = new BlockingReactor(this.#poller)
  #now: Reactor = this.#blocking
  readonly #watches: LazyWatch[] = []
  readonly #timers: LazyTimer[] = []

  watch(fd: number, interest: number, ready: (readiness: number) => void): Watch {
    const watch = new LazyWatch(this, this.#now, fd, interest, ready)
    this.#watches.push(watch)
    return watch
  }

  after(delayMs: number, fire: () => void): Timer {
    const timer = new LazyTimer(this, this.#now, delayMs, fire)
    this.#timers.push(timer)
    return timer
  }

  afterTurn(act: () => void): void {
    this.#now.afterTurn(act)
  }

  /** For what is over before it could go over. */
  get blocking(): Reactor {
    return this.#blocking
  }

  /** Waits once, and calls back what became ready or due. */
  turn(): void {
    this.#blocking.turn()
  }

  /** Milliseconds since the last wait. */
  get atWorkMs(): number {
    return this.#poller.atWorkMs
  }

  /** Goes over to another reactor. */
  moveTo(next: Reactor): void {
    this.#now = next
    for (const watch of this.#watches) watch.moveTo(next)
    for (const timer of this.#timers) timer.moveTo(next)
  }

  forgetWatch(watch: LazyWatch): void {
    const place = this.#watches.indexOf(watch)
    if (place >= 0) this.#watches.splice(place, 1)
  }

  forgetTimer(timer: LazyTimer): void {
    const place = this.#timers.indexOf(timer)
    if (place >= 0) this.#timers.splice(place, 1)
  }
}
