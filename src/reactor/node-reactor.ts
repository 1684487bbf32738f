/**
 * A reactor inside Node's own loop: one epoll descriptor of ours is one handle of libuv, so timers, promises, fetch and
 * the rest go on beside our descriptors. Measured at about 3 µs a round trip (docs/design.md).
 */
import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLIN, EPOLLOUT } from '../posix/constants.js'
import { EpollEvents, epoll_create1, epoll_ctl } from '../posix/epoll.js'
import { close } from '../posix/fd.js'
import { UvWake } from '../posix/uv.js'
import { READABLE, type Reactor, type Timer, type Watch, WRITABLE } from './reactor.js'

const wanted = (interest: number): number => (interest & READABLE ? EPOLLIN : 0) | (interest & WRITABLE ? EPOLLOUT : 0)

interface Entry {
  interest: number
  /** False while the kernel does not watch the descriptor. */
  added: boolean
  ready: (readiness: number) => void
}

/** The reactors of this process. A forked one inherits their descriptors, which it shares with its parent. */
const reactors = new Set<NodeReactor>()

/** Called in a forked process after `uv_loop_fork`: lets go of the parent's reactors without a trace in the parent. */
export function closeReactors(): void {
  for (const reactor of reactors) reactor.close()
}

export class NodeReactor implements Reactor {
  readonly #epoll = epoll_create1()
  readonly #wake = new UvWake(this.#epoll)
  readonly #entries = new Map<number, Entry>()
  readonly #events = new EpollEvents(64)
  #watching = 0
  #turning = false

  constructor() {
    reactors.add(this)
  }

  watch(fd: number, interest: number, ready: (readiness: number) => void): Watch {
    const entry: Entry = { interest: 0, added: false, ready }
    this.#entries.set(fd, entry)
    const change = (next: number): void => this.#change(fd, entry, next)
    change(interest)
    return {
      change,
      stop: () => {
        change(0)
        if (this.#entries.get(fd) === entry) this.#entries.delete(fd)
      },
    }
  }

  after(delayMs: number, fire: () => void): Timer {
    const timeout = setTimeout(fire, delayMs)
    return { cancel: () => clearTimeout(timeout) }
  }

  /** Forgets every watch, and lets Node's loop end. */
  close(): void {
    if (!reactors.delete(this)) return
    if (this.#watching > 0) this.#wake.stop()
    this.#watching = 0
    for (const entry of this.#entries.values()) entry.interest = 0 // stopping its watch later is fine
    this.#entries.clear()
    close(this.#epoll)
  }

  #change(fd: number, entry: Entry, interest: number): void {
    if (interest === entry.interest) return
    entry.interest = interest
    if (interest === 0) {
      epoll_ctl(this.#epoll, EPOLL_CTL_DEL, fd, 0)
      entry.added = false
      // without a watch our handle must not keep Node's loop alive
      if (--this.#watching === 0) this.#wake.stop()
      return
    }
    epoll_ctl(this.#epoll, entry.added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, wanted(interest))
    if (!entry.added && this.#watching++ === 0) this.#start()
    entry.added = true
  }

  #start(): void {
    this.#wake.start()
    if (this.#turning) return
    this.#turning = true
    setImmediate(this.#turn).unref()
  }

  /** Runs in the check phase after libuv has waited; unref'd immediates do not make libuv spin. */
  readonly #turn = (): void => {
    if (this.#watching === 0) {
      this.#turning = false
      return
    }
    setImmediate(this.#turn).unref()
    const count = this.#events.wait(this.#epoll, 0)
    for (let index = 0; index < count; index++) {
      const entry = this.#entries.get(this.#events.fd(index))
      if (entry === undefined) continue
      const events = this.#events.events(index)
      const ready =
        events & ~(EPOLLIN | EPOLLOUT)
          ? entry.interest
          : (events & EPOLLIN ? READABLE : 0) | (events & EPOLLOUT ? WRITABLE : 0)
      if (ready & entry.interest) entry.ready(ready & entry.interest)
    }
  }
}
