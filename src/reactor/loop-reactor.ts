/** A blocking reactor over any poller: the whole loop of a process that serves many connections without Node's. */
import { Dispatcher } from './dispatcher.js'
import type { Poller } from './poller.js'
import type { Reactor, Timer, Watch } from './reactor.js'
import { TimerHeap } from './timer-heap.js'

export class LoopReactor implements Reactor {
  readonly #dispatcher: Dispatcher
  readonly #timers = new TimerHeap()

  constructor(poller: Poller) {
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

  /** Waits once, and calls back what became ready or due. */
  turn(): void {
    this.#dispatcher.turn(this.#timers.untilNextMs())
    this.#timers.fireDue()
  }

  close(): void {
    this.#dispatcher.close()
  }
}
