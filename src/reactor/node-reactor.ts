/**
 * A reactor inside Node's own loop: the descriptor of a poller is one handle of libuv, so timers, promises, fetch and the
 * rest go on beside our descriptors. What a turn costs: docs/multiplex.md.
 */
import { UvWake } from '../engine/loop.js'
import { Dispatcher, type PollerWatch } from './dispatcher.js'
import type { PollerName } from './poller.js'
import { makeGuestPoller } from './pollers/make.js'
import type { Reactor, Timer, Watch } from './reactor.js'

/** The reactors of this process. A forked one inherits their descriptors, which it shares with its parent. */
const reactors = new Set<NodeReactor>()

/** Called in a forked process after `uv_loop_fork`: lets go of the parent's reactors without a trace in the parent. */
export function closeReactors(): void {
  for (const reactor of reactors) reactor.close()
}

export class NodeReactor implements Reactor {
  readonly inNode = true
  readonly #dispatcher: Dispatcher
  readonly #wake: UvWake
  /** Whether Node's loop waits for us, and is kept alive by it. */
  #awaited = false
  #turning = false

  constructor(poller: PollerName = 'epoll') {
    const guest = makeGuestPoller(poller)
    this.#dispatcher = new Dispatcher(guest)
    this.#wake = new UvWake(guest.descriptor)
    reactors.add(this)
  }

  watch(fd: number, interest: number, ready: (readiness: number) => void): Watch {
    const watch = this.#dispatcher.watch(fd, ready)
    if (interest !== 0) this.#change(watch, interest)
    return { change: (next) => this.#change(watch, next), more: () => watch.more(), stop: () => this.#stop(watch) }
  }

  after(delayMs: number, fire: () => void): Timer {
    const timeout = setTimeout(fire, delayMs)
    return { cancel: () => clearTimeout(timeout) }
  }

  afterTurn(act: () => void): void {
    this.#dispatcher.afterTurn(act)
  }

  /** Forgets every watch, and lets Node's loop end. */
  close(): void {
    if (!reactors.delete(this)) return
    if (this.#awaited) this.#wake.stop()
    this.#awaited = false
    this.#dispatcher.close()
  }

  #change(watch: PollerWatch, interest: number): void {
    watch.change(interest)
    this.#awaitIfWatching()
  }

  #stop(watch: PollerWatch): void {
    watch.stop()
    this.#awaitIfWatching()
  }

  /** Without a watch our handle must not keep Node's loop alive. */
  #awaitIfWatching(): void {
    const wanted = this.#dispatcher.watching > 0
    if (wanted === this.#awaited) return
    this.#awaited = wanted
    if (!wanted) {
      this.#wake.stop()
      return
    }
    this.#wake.start()
    if (this.#turning) return
    this.#turning = true
    setImmediate(this.#turn).unref()
  }

  /** Runs in the check phase after libuv has waited; unref'd immediates do not make libuv spin. */
  readonly #turn = (): void => {
    if (!this.#awaited) {
      this.#turning = false
      return
    }
    setImmediate(this.#turn).unref()
    this.#dispatcher.turn(0)
  }
}
