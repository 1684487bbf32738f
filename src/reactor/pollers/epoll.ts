/** epoll(7): the kernel keeps the set. Each wait costs as much as is ready, however many there are. */
import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLIN, EPOLLOUT } from '../../libc/constants.js'
import { EpollEvents, epoll_create1, epoll_ctl } from '../../libc/epoll.js'
import { close } from '../../libc/fd.js'
import { EPOLLET, EPOLLEXCLUSIVE, EPOLLPRI, EPOLLRDHUP } from '../../libc/io-constants.js'
import { ANYTHING, FAILED, type Poller, SHARED } from '../poller.js'
import { DRAINS, READABLE, WRITABLE } from '../reactor.js'

/** Events taken at once. What does not fit is not lost: the kernel hands it out first the next time. */
const MOST_EVENTS = 512

/** Edge-triggered, and all by which a read may end before all was taken: the end of file, and a mark of urgent data. */
const EDGE = EPOLLET | EPOLLRDHUP | EPOLLPRI

const wanted = (interest: number): number =>
  (interest & READABLE ? EPOLLIN : 0) |
  (interest & DRAINS ? EDGE : 0) |
  (interest & WRITABLE ? EPOLLOUT : 0) |
  (interest & SHARED && interest & READABLE ? EPOLLEXCLUSIVE : 0)

export class EpollPoller implements Poller {
  readonly descriptor = epoll_create1()
  readonly #events = new EpollEvents(MOST_EVENTS)
  /** What is of interest, by descriptor. */
  #interests = new Uint8Array(64)
  /** What the kernel was told, which may be more; 0 while the descriptor is not in its set. */
  #told = new Uint8Array(64)

  set(fd: number, interest: number): void {
    if (fd >= this.#told.length) this.#grow(fd)
    // only reads are known to have taken all
    const set = interest === (READABLE | DRAINS) ? interest : interest & ~DRAINS
    this.#interests[fd] = set
    const told = this.#told[fd] as number
    // less is told only once it matters: who pauses after each read and resumes at once never does
    const less = (set & ~told & ANYTHING) === 0 && (set === 0 || (told & ~set & DRAINS) === 0)
    if (!less || told & SHARED) this.#tell(fd, told, set)
  }

  forget(fd: number): void {
    const told = this.#told[fd] ?? 0
    this.#tell(fd, told, 0)
    if (fd < this.#interests.length) this.#interests[fd] = 0
  }

  wait(timeoutMs: number): number {
    return this.#events.wait(this.descriptor, timeoutMs)
  }

  fd(index: number): number {
    return this.#events.fd(index)
  }

  readiness(index: number): number {
    const events = this.#events.events(index)
    if (events & ~(EPOLLIN | EPOLLOUT)) return ANYTHING | FAILED
    return (events & EPOLLIN ? READABLE : 0) | (events & EPOLLOUT ? WRITABLE : 0)
  }

  /** Level-triggered from now on: whoever sends that much, or ends, costs the second look as well. */
  more(fd: number): void {
    const told = this.#told[fd] as number
    if (told & DRAINS) this.#tell(fd, told, told & ~DRAINS)
  }

  unwanted(fd: number): void {
    this.#tell(fd, this.#told[fd] as number, this.#interests[fd] as number)
  }

  close(): void {
    close(this.descriptor)
  }

  #tell(fd: number, told: number, interest: number): void {
    if (told === interest) return
    this.#told[fd] = interest
    // an exclusive entry cannot be modified, and one without interest would still report errors. epoll_ctl(2)
    if (told !== 0 && (interest === 0 || (told | interest) & SHARED)) epoll_ctl(this.descriptor, EPOLL_CTL_DEL, fd, 0)
    if (interest === 0) return
    const modify = told !== 0 && !((told | interest) & SHARED)
    epoll_ctl(this.descriptor, modify ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, wanted(interest))
  }

  #grow(fd: number): void {
    const length = Math.max(2 * this.#told.length, fd + 1)
    const grown = (from: Uint8Array): Uint8Array<ArrayBuffer> => {
      const larger = new Uint8Array(length)
      larger.set(from)
      return larger
    }
    this.#interests = grown(this.#interests)
    this.#told = grown(this.#told)
  }
}
