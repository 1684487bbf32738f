/** A blocking reactor over any poller: the whole loop of a process that does not use Node's. */
import { Dispatcher } from './dispatcher.js'
import type { Poller } from './poller.js'
import { PollPoller } from './pollers/poll.js'
import type { Reactor, Timer, Watch } from './reactor.js'
import { Timers } from './timers.js'

export class BlockingReactor implements Reactor {
  readonly inNode = false
  readonly #dispatcher: Dispatcher
  readonly #timers = new Timers()

  /** @param poller by default poll(2): for a few descriptors the cheapest, and it holds none of its own */
  constructor(poller: Poller = new PollPoller()) {
    this.#dispatcher = new Dispatcher(poller)
  }

  watch(fd: number, interest: number, ready: (readiness: number) => void): Watch {
    const watch = this.#dispatcher.watch(fd, ready)
    watch.change(interest)
    return watch
  }

  after(delayMs: number, fire: () => void): Timer {
    return this.#timers.add(delayMs, fire)
  }

  afterTurn(act: () => void): void {
    this.#dispatcher.afterTurn(act)
  }

  /** Waits once, and calls back what became ready or due. */
  turn(): void {
    this.#dispatcher.turn(this.#timers.untilNextMs())
    this.#timers.fireDue()
  }

  /** Turns until `done` says so. */
  run(done: () => boolean): void {
    while (!done()) this.turn()
  }

  close(): void {
    this.#dispatcher.close()
  }
}
