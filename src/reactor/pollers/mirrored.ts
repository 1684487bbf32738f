/**
 * A poller that another loop can wait for. select(2) and poll(2) have no descriptor for their set, so an epoll set mirrors
 * it: that one wakes the loop, and then select or poll is asked, with a time-out of 0, what is ready.
 */
import type { Poller } from '../poller.js'
import { DRAINS } from '../reactor.js'
import { EpollPoller } from './epoll.js'

export class MirroredPoller implements Poller {
  readonly #poller: Poller
  readonly #mirror = new EpollPoller()
  readonly descriptor = this.#mirror.descriptor

  constructor(poller: Poller) {
    this.#poller = poller
  }

  set(fd: number, interest: number): void {
    this.#poller.set(fd, interest)
    this.#mirror.set(fd, interest & ~DRAINS)
  }

  forget(fd: number): void {
    this.#poller.forget(fd)
    this.#mirror.forget(fd)
  }

  wait(timeoutMs: number): number {
    const count = this.#poller.wait(timeoutMs)
    if (count === 0) this.#still()
    return count
  }

  fd(index: number): number {
    return this.#poller.fd(index)
  }

  readiness(index: number): number {
    return this.#poller.readiness(index)
  }

  unwanted(fd: number): void {
    this.#mirror.unwanted(fd)
  }

  close(): void {
    this.#poller.close()
    this.#mirror.close()
  }

  /** Nothing is ready that anybody wants: what the mirror still reports would wake the loop for ever. */
  #still(): void {
    const count = this.#mirror.wait(0)
    for (let index = 0; index < count; index++) this.#mirror.unwanted(this.#mirror.fd(index))
  }
}
