/** Waits for one descriptor. */
import { EPOLL_CTL_ADD, EPOLLIN } from '../../libc/constants.js'
import { EpollEvents, epoll_create1, epoll_ctl } from '../../libc/epoll.js'
import { close } from '../../libc/fd.js'

/** Reports whether it is readable, after at most `timeoutMs`. */
export function readable(fd: number, timeoutMs: number): boolean {
  const epoll = epoll_create1()
  try {
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, EPOLLIN)
    return new EpollEvents(1).wait(epoll, timeoutMs) > 0
  } finally {
    close(epoll)
  }
}
