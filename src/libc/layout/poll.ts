/** struct pollfd and struct epoll_event. Pure. */

import { here, type Layout } from './tables.js'
import { readInt64, writeInt64 } from './time.js'

/** One question of poll(2): what to wait for on `fd`, and in `revents` the answer. */
export interface pollfd {
  /** Negative: this entry is passed over. */
  fd: number
  /** POLLIN, POLLOUT, POLLPRI, … */
  events: number
  /** Set by the call; POLLERR, POLLHUP and POLLNVAL come unasked. */
  revents?: number
}

/** Words of 32 bits in a struct pollfd: the descriptor, then events below and revents above. */
export const POLLFD_WORDS = 2

/**
 * Writes `fds` as an array of struct pollfd, revents cleared.
 *
 * @throws {TypeError} for an entry that is no object, {RangeError} for members that are no C ints
 */
export function encodePollfds(fds: readonly Readonly<pollfd>[], words: Int32Array): void {
  for (let index = 0; index < fds.length; index++) {
    const { fd, events } = fds[index] as pollfd
    if ((fd | 0) !== fd || (events | 0) !== events)
      throw new RangeError(`fds[${index}]: expected { fd, events } of integers, got ${String(fd)}, ${String(events)}`)
    words[index * POLLFD_WORDS] = fd
    words[index * POLLFD_WORDS + 1] = events & 0xffff
  }
}

/** Copies the revents into `fds`. */
export function decodeRevents(words: Int32Array, fds: readonly pollfd[]): void {
  for (let index = 0; index < fds.length; index++)
    (fds[index] as pollfd).revents = (words[index * POLLFD_WORDS + 1] as number) >>> 16
}

/** What an epoll waits for, or reports. */
export interface epoll_event {
  /** EPOLLIN, EPOLLOUT, EPOLLET, … as an unsigned 32-bit number */
  events: number
  /** Yours, 0 to 2^53 - 1; the descriptor where none was given. */
  data: number
}

type EventLayout = Layout<'events' | 'data'>

export const EPOLL_EVENT_BYTES = here.epoll_event.size

export function encodeEpollEvent(
  event: epoll_event,
  view: DataView,
  at = 0,
  layout: EventLayout = here.epoll_event,
): void {
  view.setUint32(at + layout.members.events[0], event.events, true)
  writeInt64(view, at + layout.members.data[0], event.data)
}

/** Decodes `count` events into `events`, whose objects are used again. */
export function decodeEpollEvents(
  view: DataView,
  count: number,
  events: epoll_event[],
  layout: EventLayout = here.epoll_event,
): void {
  const { size, members } = layout
  for (let index = 0; index < count; index++) {
    const at = index * size
    const reported = view.getUint32(at + members.events[0], true)
    const data = readInt64(view, at + members.data[0])
    const event = events[index]
    if (event === undefined) events[index] = { events: reported, data }
    else {
      event.events = reported
      event.data = data
    }
  }
}
