/** poll(2): an array of descriptors. Each wait costs as much as there are of them, whatever their numbers. */
import { POLLIN, POLLOUT } from '../../libc/constants.js'
import { PollSet } from '../../libc/poll.js'
import { ANYTHING, type Poller } from '../poller.js'
import { READABLE, WRITABLE } from '../reactor.js'
import { ReadyList } from './ready-list.js'

const NOWHERE = -1

export const wanted = (interest: number): number =>
  (interest & READABLE ? POLLIN : 0) | (interest & WRITABLE ? POLLOUT : 0)

export class PollPoller implements Poller {
  readonly descriptor = undefined
  readonly #set = new PollSet()
  readonly #found = new ReadyList()
  /** Where in the set a descriptor is, by its number. */
  #places = new Int32Array(64).fill(NOWHERE)
  /** Which descriptor is where; aligned with the set. */
  readonly #fds: number[] = []

  set(fd: number, interest: number): void {
    if (fd >= this.#places.length) this.#grow(fd)
    const place = this.#places[fd] as number
    if (interest === 0) this.remove(fd, place)
    else if (place !== NOWHERE) this.#set.set(place, fd, wanted(interest))
    else {
      this.#places[fd] = this.#set.length
      this.#fds.push(fd)
      this.#set.add(fd, wanted(interest))
    }
  }

  forget(fd: number): void {
    this.set(fd, 0)
  }

  wait(timeoutMs: number): number {
    const set = this.#set
    const found = this.#found
    found.length = 0
    let left = set.poll(timeoutMs)
    for (let place = 0; left > 0; place++) {
      const revents = set.revents(place)
      if (revents === 0) continue
      left--
      const readiness =
        revents & ~(POLLIN | POLLOUT)
          ? ANYTHING
          : (revents & POLLIN ? READABLE : 0) | (revents & POLLOUT ? WRITABLE : 0)
      found.add(this.#fds[place] as number, readiness)
    }
    return found.length
  }

  fd(index: number): number {
    return this.#found.fd(index)
  }

  readiness(index: number): number {
    return this.#found.readiness(index)
  }

  close(): void {
    // nothing of the kernel's is held
  }

  /** The last one takes the place. */
  private remove(fd: number, place: number): void {
    if (place === NOWHERE) return
    const last = this.#fds.pop() as number
    this.#set.remove(place)
    this.#places[fd] = NOWHERE
    if (last === fd) return
    this.#fds[place] = last
    this.#places[last] = place
  }

  #grow(fd: number): void {
    const larger = new Int32Array(Math.max(2 * this.#places.length, fd + 1)).fill(NOWHERE)
    larger.set(this.#places)
    this.#places = larger
  }
}
