/** Pollers by their names. */
import type { Poller, PollerName } from '../poller.js'
import { EpollPoller } from './epoll.js'
import { MirroredPoller } from './mirrored.js'
import { PollPoller } from './poll.js'
import { SelectPoller } from './select.js'

const makers: Record<PollerName, () => Poller> = {
  epoll: () => new EpollPoller(),
  poll: () => new PollPoller(),
  select: () => new SelectPoller(),
}

export const makePoller = (name: PollerName): Poller => makers[name]()

/** One with a descriptor, for another loop to wait for. */
export const makeGuestPoller = (name: PollerName): Poller & { readonly descriptor: number } =>
  name === 'epoll' ? new EpollPoller() : new MirroredPoller(makers[name]())
