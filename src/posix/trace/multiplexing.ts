/** Traced: select, poll and epoll. */
import * as posix from '../index.js'
import { anyValue } from './notation.js'
import { traced } from './traced.js'

function membersOf(set: posix.fd_set | null | 0 | undefined, nfds: number): string {
  if (!set) return 'NULL'
  const members = Array.from({ length: nfds }, (_, fd) => fd).filter((fd) => posix.FD_ISSET(fd, set))
  return `[${members.join(' ')}]`
}

const timeOf = (time: posix.timeval | null | 0 | undefined): string =>
  time ? `{${time.tv_sec}, ${time.tv_usec}}` : 'NULL'

/** The sets and the time as they were; with the result, what select has made of them. */
export const select = traced('select', posix.select, {
  given: (nfds, reads, writes, excepts, timeout) => [
    String(nfds),
    ...[reads, writes, excepts].map((set) => membersOf(set, nfds)),
    timeOf(timeout),
  ],
  result: (count, [nfds, reads, writes, excepts, timeout]) => {
    const sets = Object.entries({ in: reads, out: writes, except: excepts })
    const left = sets.flatMap(([name, set]) => (set ? [`${name} ${membersOf(set, nfds)}`] : []))
    if (timeout) left.push(`left ${timeOf(timeout)}`)
    return count === 0 ? '0 (time-out)' : `${count} (${left.join(', ')})`
  },
})
export const pselect = traced('pselect', posix.pselect, {
  given: (nfds, reads, writes, excepts, timeout) => [
    String(nfds),
    ...[reads, writes, excepts].map((set) => membersOf(set, nfds)),
    timeout ? anyValue(timeout) : 'NULL',
  ],
})
export const poll = traced('poll', posix.poll, {
  filled: (_count, args) => args.filter((value) => value !== undefined).map(anyValue),
})
export const ppoll = traced('ppoll', posix.ppoll)
export const epoll_create = traced('epoll_create', posix.epoll_create)
export const epoll_create1 = traced('epoll_create1', posix.epoll_create1)
export const epoll_ctl = traced('epoll_ctl', posix.epoll_ctl)
export const epoll_wait = traced('epoll_wait', posix.epoll_wait, {
  filled: (count, [epfd, events, maxevents, timeoutMs]) => [
    String(epfd),
    anyValue(events.slice(0, count)),
    String(maxevents),
    String(timeoutMs ?? -1),
  ],
})
export const epoll_pwait = traced('epoll_pwait', posix.epoll_pwait)
