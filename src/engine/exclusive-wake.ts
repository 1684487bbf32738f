/**
 * A descriptor in Node's loop for which other processes wait as well: the kernel wakes one of them, who has waited longest, and not all.
 *
 * libuv knows nothing of the kind, and an epoll set within its own would wake everybody. So libuv is given the descriptor, and what it
 * has told the kernel about it is then replaced behind its back. It never looks again, as what it wants to hear never changes.
 */
import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLLIN } from '../libc/constants.js'
import { epoll_ctl } from '../libc/epoll.js'
import { c } from '../libc/ffi.js'
import { EPOLLEXCLUSIVE } from '../libc/io-constants.js'
import { defaultLoop, UvWake } from './loop.js'

const backendFd: (loop: unknown) => number = c('int uv_backend_fd(void *loop)')

export class ExclusiveWake {
  readonly #fd: number
  readonly #wake: UvWake
  #joined = false

  /** @param fd from now on non-blocking, for all who share it */
  constructor(fd: number) {
    this.#fd = fd
    this.#wake = new UvWake(fd)
    this.#wake.start()
  }

  /** Called once the loop has waited, and so has told the kernel: nobody is woken from now on. */
  settle(): void {
    epoll_ctl(backendFd(defaultLoop()), EPOLL_CTL_DEL, this.#fd, 0)
  }

  /** Wakes the loop when the descriptor is readable and no other process was woken for it; keeps the loop alive. */
  join(): void {
    if (this.#joined) return
    this.#joined = true
    this.#wake.ref()
    epoll_ctl(backendFd(defaultLoop()), EPOLL_CTL_ADD, this.#fd, EPOLLIN | EPOLLEXCLUSIVE)
  }

  /** Not any more. */
  leave(): void {
    if (!this.#joined) return
    this.#joined = false
    this.#wake.unref()
    epoll_ctl(backendFd(defaultLoop()), EPOLL_CTL_DEL, this.#fd, 0)
  }
}
