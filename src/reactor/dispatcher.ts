/** Who is called back for what a poller finds. The policy of every reactor that has a poller; the waiting is theirs. */
import { FAILED, type Poller } from './poller.js'
import type { Watch } from './reactor.js'
import { count as countUp, TURNS } from './slot.js'

export class PollerWatch implements Watch {
  interest = 0
  readonly #dispatcher: Dispatcher
  readonly #fd: number
  readonly ready: (readiness: number) => void
  /** The turn it was made in: what that one found was not for it. */
  readonly since: number

  constructor(dispatcher: Dispatcher, fd: number, since: number, ready: (readiness: number) => void) {
    this.#dispatcher = dispatcher
    this.#fd = fd
    this.since = since
    this.ready = ready
  }

  change(interest: number): void {
    if (interest === this.interest) return
    const before = this.interest
    this.interest = interest
    this.#dispatcher.change(this.#fd, this, before)
  }

  more(): void {
    this.#dispatcher.more(this.#fd, this)
  }

  stop(): void {
    this.#dispatcher.forget(this.#fd, this)
  }
}

export class Dispatcher {
  readonly poller: Poller
  /** By descriptor. */
  readonly #watches: (PollerWatch | undefined)[] = []
  #turn = 0
  #turning = false
  /** What is due at the end of the turn. */
  #due: (() => void)[] = []
  /** Descriptors with an interest. */
  watching = 0

  constructor(poller: Poller) {
    this.poller = poller
  }

  watch(fd: number, ready: (readiness: number) => void): PollerWatch {
    const watch = new PollerWatch(this, fd, this.#turn, ready)
    this.#watches[fd] = watch
    return watch
  }

  change(fd: number, watch: PollerWatch, before: number): void {
    if (this.#watches[fd] !== watch) return // stopped before
    if (before === 0) this.watching++
    if (watch.interest === 0) this.watching--
    this.poller.set(fd, watch.interest)
  }

  more(fd: number, watch: PollerWatch): void {
    if (this.#watches[fd] === watch) this.poller.more?.(fd)
  }

  forget(fd: number, watch: PollerWatch): void {
    if (this.#watches[fd] !== watch) return
    this.#watches[fd] = undefined
    if (watch.interest !== 0) this.watching--
    watch.interest = 0
    this.poller.forget(fd)
  }

  afterTurn(act: () => void): void {
    if (this.#turning) this.#due.push(act)
    else act()
  }

  /**
   * Waits once, and calls back, each at most once, what is ready: nobody is served twice before all others had their turn.
   */
  turn(timeoutMs: number): void {
    const { poller } = this
    countUp(TURNS, 1)
    const count = poller.wait(timeoutMs)
    countUp(TURNS, 1)
    const turn = ++this.#turn
    this.#turning = true
    try {
      for (let index = 0; index < count; index++) {
        const fd = poller.fd(index)
        // an earlier callback of this turn may have stopped it, and given its number to a new one
        const watch = this.#watches[fd]
        if (watch === undefined || watch.since === turn) continue
        const found = poller.readiness(index)
        // an end or an error stays what it is, and is reported as long as it was not read: an edge would come once
        if (found & FAILED) poller.more?.(fd)
        const ready = found & watch.interest
        if (ready !== 0) watch.ready(ready)
        else poller.unwanted?.(fd)
      }
    } finally {
      this.#turning = false
    }
    if (this.#due.length > 0) this.#actOnDue()
  }

  #actOnDue(): void {
    const due = this.#due
    this.#due = []
    for (const act of due) act()
  }

  /** Forgets every watch; stopping one later is fine. */
  close(): void {
    this.#watches.length = 0
    this.watching = 0
    this.poller.close()
  }
}
