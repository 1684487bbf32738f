/** epoll(7). */
import { EINTR, O_CLOEXEC } from './constants.js'
import { c, lastErrno, type Memory } from './libc.js'
import { check, PosixError } from './posix-error.js'

const createRaw: (flags: number) => number = c('int epoll_create1(int flags)')
const ctlRaw: (epfd: number, op: number, fd: number, event: Memory) => number = c(
  'int epoll_ctl(int epfd, int op, int fd, void *event)',
)
const waitRaw: (epfd: number, events: Buffer, max: number, timeoutMs: number) => number = c(
  'int epoll_wait(int epfd, void *events, int maxevents, int timeout)',
)

/** struct epoll_event: packed on x86-64 only. */
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16
const DATA_OFFSET = process.arch === 'x64' ? 4 : 8

/** epoll_create1(2), close-on-exec */
export const epoll_create1 = (): number => check(createRaw(O_CLOEXEC), 'epoll_create1')

const event = Buffer.alloc(EVENT_BYTES)

/** epoll_ctl(2); the event's data is the descriptor itself. */
export function epoll_ctl(epfd: number, operation: number, fd: number, events: number): void {
  event.writeUInt32LE(events, 0)
  event.writeInt32LE(fd, DATA_OFFSET)
  check(ctlRaw(epfd, operation, fd, event), 'epoll_ctl', { fd })
}

/** Room for the events of one epoll_wait. */
export class EpollEvents {
  readonly #buffer: Buffer

  constructor(readonly capacity: number) {
    this.#buffer = Buffer.alloc(capacity * EVENT_BYTES)
  }

  /** epoll_wait(2); 0 when nothing is ready in time or a signal interrupted. */
  wait(epfd: number, timeoutMs: number): number {
    const ready = waitRaw(epfd, this.#buffer, this.capacity, timeoutMs)
    if (ready < 0 && lastErrno() !== EINTR) throw new PosixError(lastErrno(), 'epoll_wait', { fd: epfd })
    return Math.max(ready, 0)
  }

  fd(index: number): number {
    return this.#buffer.readInt32LE(index * EVENT_BYTES + DATA_OFFSET)
  }

  events(index: number): number {
    return this.#buffer.readUInt32LE(index * EVENT_BYTES)
  }
}
