/** How a worker without an event loop waits for its next client: the kernel wakes one of those who wait, and not always the same. */

import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLLIN, SOCK_CLOEXEC, SOCK_NONBLOCK } from '../../../libc/constants.js'
import { EpollEvents, epoll_create1, epoll_ctl } from '../../../libc/epoll.js'
import { EPOLLEXCLUSIVE } from '../../../libc/io-constants.js'
import { PosixError } from '../../../libc/posix-error.js'
import { usleep } from '../../../libc/process.js'
import { accept4, awaitClient } from '../../../libc/socket.js'
import { count, TURNS } from '../../../reactor/slot.js'
import { BackOff } from '../../../supervisor/back-off.js'
import type { Log } from '../../../supervisor/log.js'

const FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC
const US_PER_MS = 1000

/** Takes the next client; undefined when this worker is to leave. */
export type NextClient = () => number | undefined

/** On one listener, which blocks: whoever waits longest is woken. */
export const onOne =
  (fd: number): NextClient =>
  () =>
    awaitClient(fd, FLAGS)

/**
 * On several, which do not block. Each wait joins their queues anew, at the end, and leaves them with the client: who serves is not woken
 * for another.
 */
export function onSeveral(fds: readonly number[]): NextClient {
  const epoll = epoll_create1()
  const events = new EpollEvents(fds.length)
  const next = (): number | undefined => {
    // 0: a signal, as there is no time-out
    for (let ready = events.wait(epoll, -1); ready > 0; ready = events.wait(epoll, -1))
      for (let index = 0; index < ready; index++) {
        const client = accept4(events.fd(index), FLAGS)
        if (client !== undefined) return client
      }
    return undefined
  }
  return () => {
    for (const fd of fds) epoll_ctl(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE)
    try {
      return next()
    } catch (error) {
      if (error instanceof PosixError && error.code === 'EINVAL') return undefined // shut down: the server drains
      throw error
    } finally {
      for (const fd of fds) epoll_ctl(epoll, EPOLL_CTL_DEL, fd, 0)
    }
  }
}

const backOff = new BackOff(5, 1000)

/**
 * The same, shown on the scoreboard as waiting. EMFILE, ENFILE, ENOMEM: asking again at once would only burn the CPU. Logged once until
 * it works again.
 */
export function waitFor(next: NextClient, log: Log): number | undefined {
  for (;;) {
    try {
      count(TURNS, 1)
      const client = next()
      count(TURNS, 1)
      if (!backOff.fresh && client !== undefined) {
        backOff.succeeded()
        log.info({}, 'accepting again')
      }
      return client
    } catch (error) {
      count(TURNS, 1)
      if (backOff.fresh) log.error({}, `cannot accept: ${(error as Error).message}`)
      usleep(backOff.failed() * US_PER_MS)
    }
  }
}
