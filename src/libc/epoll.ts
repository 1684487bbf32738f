/** epoll(7). */

import { EINTR, O_CLOEXEC } from './constants.js'
import { c, fixedAddress, lastErrno } from './ffi.js'
import { check, PosixError } from './posix-error.js'
import { epollCreateRaw, epollCtlRaw } from './raw.js'

const waitRaw: (epfd: number, events: number, max: number, timeoutMs: number) => number = c(
  'int epoll_wait(int epfd, uintptr_t events, int maxevents, int timeout)',
)

/** struct epoll_event in words of 4 bytes: events, then data; x86-64 packs it, others align data. */
const EVENT_WORDS = process.arch === 'x64' ? 3 : 4
const DATA_WORD = process.arch === 'x64' ? 1 : 2

/** epoll_create1(2), close-on-exec */
export const epoll_create1 = (): number => check(epollCreateRaw(O_CLOEXEC), 'epoll_create1')

const event = new Int32Array(EVENT_WORDS)

/** epoll_ctl(2); the event's data is the descriptor itself. */
export function epoll_ctl(epfd: number, operation: number, fd: number, events: number): void {
  event[0] = events
  event[DATA_WORD] = fd
  check(epollCtlRaw(epfd, operation, fd, event), 'epoll_ctl', { fd })
}

/** Room for the events of one epoll_wait. */
export class EpollEvents {
  readonly #words: Int32Array
  readonly #address: number

  constructor(readonly capacity: number) {
    this.#words = new Int32Array(new ArrayBuffer(capacity * EVENT_WORDS * 4))
    this.#address = fixedAddress(this.#words)
  }

  /** epoll_wait(2); 0 when nothing is ready in time or a signal interrupted. */
  wait(epfd: number, timeoutMs: number): number {
    const ready = waitRaw(epfd, this.#address, this.capacity, timeoutMs)
    if (ready < 0 && lastErrno() !== EINTR) throw new PosixError(lastErrno(), 'epoll_wait', { fd: epfd })
    return Math.max(ready, 0)
  }

  fd(index: number): number {
    return this.#words[index * EVENT_WORDS + DATA_WORD] as number
  }

  events(index: number): number {
    return this.#words[index * EVENT_WORDS] as number
  }
}
