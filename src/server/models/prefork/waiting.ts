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
import { descriptorsOf, type Listening } from '../../../supervisor/plan.js'

const FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC
const US_PER_MS = 1000

/** Where clients come from. */
export interface Door {
  /** A listener that blocks: whoever waits longest is woken. */
  readonly only: number
  /** Instead of it, where there are several. */
  readonly several: (() => number | undefined) | undefined
}

export function doorOf(listening: readonly Listening[]): Door {
  const first = listening[0]
  const several = listening.length === 1 ? undefined : onSeveral(descriptorsOf(listening))
  return { only: first?.fd ?? -1, several }
}

/**
 * On several, which do not block. Each wait joins their queues anew, at the end, and leaves them with the client: who serves is not woken
 * for another.
 */
function onSeveral(fds: readonly number[]): () => number | undefined {
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
 * Takes the next client; undefined when this worker is to leave. Shown on the scoreboard as waiting. EMFILE, ENFILE, ENOMEM: asking again at once would only burn the CPU. Logged once until
 * it works again.
 */
export function nextClient({ only, several }: Door, log: Log): number | undefined {
  for (;;) {
    try {
      count(TURNS, 1)
      const client = several === undefined ? awaitClient(only, FLAGS) : several()
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
