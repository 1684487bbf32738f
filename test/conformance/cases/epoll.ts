/** epoll(7), eventfd(2), timerfd_create(2), signalfd(2). */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import { join, leaveUsr1Waiting, onUsr1, pair, whenThisSleeps } from '../at-hand.js'
import type { Cases } from '../case.js'

const { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, epoll_ctl } = posix

/** What waits in an epoll: pairs of data and events. */
function waiting(epfd: posix.Fd, timeoutMs = 0, maxevents = 8): [number, number][] {
  const events: posix.epoll_event[] = []
  const count = posix.epoll_wait(epfd, events, maxevents, timeoutMs)
  assert.equal(events.length, count)
  return events.map(({ data, events }) => [data, events])
}

/** An epoll that watches the read end of a pipe. */
function watched(events = EPOLLIN): { epfd: posix.Fd; readEnd: posix.Fd; writeEnd: posix.Fd } {
  const epfd = posix.epoll_create1()
  const [readEnd, writeEnd] = posix.pipe()
  epoll_ctl(epfd, EPOLL_CTL_ADD, readEnd, { events })
  return { epfd, readEnd, writeEnd }
}

const fails = (code: string, act: () => void): void => assert.throws(act, { name: 'PosixError', code })

const second = { it_interval: { tv_sec: 0, tv_nsec: 0 }, it_value: { tv_sec: 1, tv_nsec: 0 } }

export const cases: Cases = {
  'epoll_ctl(2): adding a descriptor that is there already is EEXIST': () => {
    const { epfd, readEnd } = watched()
    fails('EEXIST', () => epoll_ctl(epfd, EPOLL_CTL_ADD, readEnd, { events: EPOLLIN }))
  },
  'epoll_ctl(2): changing or removing one that is not there is ENOENT': () => {
    const { epfd, writeEnd } = watched()
    fails('ENOENT', () => epoll_ctl(epfd, EPOLL_CTL_MOD, writeEnd, { events: EPOLLOUT }))
    fails('ENOENT', () => epoll_ctl(epfd, EPOLL_CTL_DEL, writeEnd))
  },
  'epoll_ctl(2): a regular file is EPERM': () => {
    const file = posix.open('/proc/self/exe', posix.O_RDONLY)
    fails('EPERM', () => epoll_ctl(posix.epoll_create1(), EPOLL_CTL_ADD, file, { events: EPOLLIN }))
  },
  'epoll_ctl(2): watching itself is EINVAL, and so is an epfd that is none': () => {
    const { epfd, readEnd, writeEnd } = watched()
    fails('EINVAL', () => epoll_ctl(epfd, EPOLL_CTL_ADD, epfd, { events: EPOLLIN }))
    fails('EINVAL', () => epoll_ctl(readEnd, EPOLL_CTL_ADD, writeEnd, { events: EPOLLIN }))
  },
  'epoll_ctl(2): a descriptor that is not open is EBADF': () => {
    const { epfd } = watched()
    fails('EBADF', () => epoll_ctl(epfd, EPOLL_CTL_ADD, 987, { events: EPOLLIN }))
    fails('EBADF', () => epoll_ctl(987, EPOLL_CTL_ADD, epfd, { events: EPOLLIN }))
  },
  'epoll_ctl(2): two epolls that watch each other are ELOOP': () => {
    const [one, other] = [posix.epoll_create1(), posix.epoll_create1()]
    epoll_ctl(one, EPOLL_CTL_ADD, other, { events: EPOLLIN })
    fails('ELOOP', () => epoll_ctl(other, EPOLL_CTL_ADD, one, { events: EPOLLIN }))
  },
  'epoll_ctl(2): EPOLLEXCLUSIVE can be added and not changed to': () => {
    const epfd = posix.epoll_create1()
    const [one] = pair()
    epoll_ctl(epfd, EPOLL_CTL_ADD, one, { events: EPOLLIN })
    const events = (EPOLLIN | posix.EPOLLEXCLUSIVE) >>> 0
    fails('EINVAL', () => epoll_ctl(epfd, EPOLL_CTL_MOD, one, { events }))
    epoll_ctl(epfd, EPOLL_CTL_DEL, one)
    epoll_ctl(epfd, EPOLL_CTL_ADD, one, { events })
  },
  'epoll_create1(2): EPOLL_CLOEXEC sets the flag, anything else is EINVAL': () => {
    const epfd = posix.epoll_create1(posix.EPOLL_CLOEXEC)
    assert.equal(posix.fcntl(epfd, posix.F_GETFD), posix.FD_CLOEXEC)
    fails('EINVAL', () => posix.epoll_create1(1))
  },
  'epoll_wait(2): maxevents of 0 or less is EINVAL': () => {
    const { epfd } = watched()
    for (const maxevents of [0, -1]) fails('EINVAL', () => posix.epoll_wait(epfd, [], maxevents, 0))
  },
  'epoll_wait(2): a descriptor that is no epoll is EINVAL, one that is not open EBADF': () => {
    const { readEnd } = watched()
    fails('EINVAL', () => posix.epoll_wait(readEnd, [], 1, 0))
    fails('EBADF', () => posix.epoll_wait(987, [], 1, 0))
  },
  'epoll_wait(2): the data of an interest come back with its events': () => {
    const epfd = posix.epoll_create1()
    const [readEnd, writeEnd] = posix.pipe()
    epoll_ctl(epfd, EPOLL_CTL_ADD, readEnd, { events: EPOLLIN, data: Number.MAX_SAFE_INTEGER })
    posix.write(writeEnd, 'x')
    assert.deepEqual(waiting(epfd), [[Number.MAX_SAFE_INTEGER, EPOLLIN]])
  },
  'epoll_wait(2): successive calls with a small maxevents go round all that are ready': () => {
    const epfd = posix.epoll_create1()
    for (const data of [1, 2, 3]) {
      const [one] = pair()
      epoll_ctl(epfd, EPOLL_CTL_ADD, one, { events: EPOLLOUT, data })
    }
    const seen = [1, 2, 3].map(() => waiting(epfd, 0, 1)[0]?.[0])
    assert.deepEqual(seen.sort(), [1, 2, 3])
  },
  'epoll_wait(2): EPOLLHUP and EPOLLERR are reported unasked': () => {
    const epfd = posix.epoll_create1()
    const [readEnd, writeEnd] = posix.pipe()
    const [otherRead, otherWrite] = posix.pipe()
    epoll_ctl(epfd, EPOLL_CTL_ADD, readEnd, { events: 0 })
    epoll_ctl(epfd, EPOLL_CTL_ADD, otherWrite, { events: 0 })
    posix.close(writeEnd)
    posix.close(otherRead)
    const found = new Map(waiting(epfd))
    assert.deepEqual([found.get(readEnd), found.get(otherWrite)], [EPOLLHUP, EPOLLERR])
  },
  'epoll(7): level-triggered, it reports as long as something is there': () => {
    const { epfd, readEnd, writeEnd } = watched()
    posix.write(writeEnd, 'x')
    assert.equal(waiting(epfd).length, 1)
    assert.equal(waiting(epfd).length, 1)
    posix.read(readEnd, Buffer.alloc(1))
    assert.equal(waiting(epfd).length, 0)
  },
  'epoll(7): edge-triggered, it reports once for each arrival': () => {
    const { epfd, writeEnd } = watched(EPOLLIN | posix.EPOLLET) // negative in JavaScript
    posix.write(writeEnd, 'x')
    assert.equal(waiting(epfd).length, 1)
    assert.equal(waiting(epfd).length, 0)
    posix.write(writeEnd, 'y')
    assert.equal(waiting(epfd).length, 1)
  },
  'epoll_ctl(2): with EPOLLONESHOT a descriptor is disabled after one event until it is changed': () => {
    const { epfd, readEnd, writeEnd } = watched(EPOLLIN | posix.EPOLLONESHOT)
    posix.write(writeEnd, 'x')
    assert.equal(waiting(epfd).length, 1)
    assert.equal(waiting(epfd).length, 0)
    epoll_ctl(epfd, EPOLL_CTL_MOD, readEnd, { events: EPOLLIN })
    assert.equal(waiting(epfd).length, 1)
  },
  'epoll(7): a descriptor leaves the interest list only when every copy of it is closed': () => {
    const { epfd, readEnd, writeEnd } = watched()
    const copy = posix.dup(readEnd)
    posix.write(writeEnd, 'x')
    posix.close(readEnd)
    assert.deepEqual(waiting(epfd), [[readEnd, EPOLLIN]])
    posix.close(copy)
    assert.deepEqual(waiting(epfd), [])
  },
  'epoll(7): an epoll is itself readable when it has events': () => {
    const { epfd, writeEnd } = watched()
    const entry = { fd: epfd, events: posix.POLLIN }
    assert.equal(posix.poll([entry], 0), 0)
    posix.write(writeEnd, 'x')
    assert.equal(posix.poll([entry], 0), 1)
  },
  'epoll_ctl(2): a peer that shut down writing is EPOLLRDHUP where asked for': () => {
    const epfd = posix.epoll_create1()
    const [one, other] = pair()
    epoll_ctl(epfd, EPOLL_CTL_ADD, one, { events: posix.EPOLLRDHUP })
    posix.shutdown(other, posix.SHUT_WR)
    assert.deepEqual(waiting(epfd), [[one, posix.EPOLLRDHUP]])
  },
  'signal(7): epoll_wait is interrupted by a handler whatever SA_RESTART says': () => {
    const { epfd } = watched()
    const calls = onUsr1(posix.SA_RESTART)
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    fails('EINTR', () => posix.epoll_wait(epfd, [], 8, -1))
    assert.deepEqual(calls, [posix.SIGUSR1])
    join(child)
  },
  'epoll_wait(2): with a handler installed it waits for events all the same': () => {
    onUsr1()
    const { epfd, readEnd, writeEnd } = watched()
    assert.deepEqual(waiting(epfd, 10), [])
    const child = whenThisSleeps(() => posix.write(writeEnd, 'x'))
    assert.deepEqual(waiting(epfd, -1), [[readEnd, EPOLLIN]])
    join(child)
  },
  'epoll_wait(2): a handler that waits itself does not disturb the wait that it runs in': () => {
    const [one, other] = [watched(), watched()]
    posix.write(one.writeEnd, 'x')
    posix.write(other.writeEnd, 'x')
    const inner: number[] = []
    posix.signal(posix.SIGUSR1, () => inner.push(waiting(other.epfd)[0]?.[0] ?? -1))
    const child = leaveUsr1Waiting()
    assert.deepEqual(waiting(one.epfd), [[one.readEnd, EPOLLIN]])
    assert.deepEqual(inner, [other.readEnd])
    join(child)
  },
  'epoll_pwait(2): a signal that waits and that its mask lets in interrupts it': () => {
    const { epfd } = watched()
    const calls = onUsr1()
    posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGUSR1])
    posix.raise(posix.SIGUSR1)
    fails('EINTR', () => posix.epoll_pwait(epfd, [], 8, -1, []))
    assert.deepEqual(calls, [posix.SIGUSR1])
  },
  'eventfd(2): a read gives the counter and sets it to 0; at 0 it would block': () => {
    const fd = posix.eventfd(3, posix.EFD_NONBLOCK)
    posix.eventfd_write(fd, 4n)
    assert.equal(posix.eventfd_read(fd), 7n)
    assert.equal(posix.eventfd_read(fd), undefined)
  },
  'eventfd(2): with EFD_SEMAPHORE a read takes 1': () => {
    const fd = posix.eventfd(2, posix.EFD_NONBLOCK | posix.EFD_SEMAPHORE)
    assert.deepEqual(
      [1, 2, 3].map(() => posix.eventfd_read(fd)),
      [1n, 1n, undefined],
    )
  },
  'eventfd(2): the counter reaches 2^64 - 2; more would block, and 2^64 - 1 is EINVAL': () => {
    const fd = posix.eventfd(0, posix.EFD_NONBLOCK)
    fails('EINVAL', () => posix.eventfd_write(fd, 2n ** 64n - 1n))
    assert.equal(posix.eventfd_write(fd, 2n ** 64n - 2n), true)
    assert.equal(posix.eventfd_write(fd, 1n), false)
    assert.equal(posix.eventfd_read(fd), 2n ** 64n - 2n)
  },
  'eventfd(2): a buffer of less than 8 bytes is EINVAL': () => {
    fails('EINVAL', () => posix.read(posix.eventfd(1), Buffer.alloc(7)))
  },
  'timerfd_create(2): a read gives the number of expirations, as 8 bytes': () => {
    const fd = posix.timerfd_create(posix.CLOCK_MONOTONIC)
    const often = { tv_sec: 0, tv_nsec: 1_000_000 }
    posix.timerfd_settime(fd, 0, { it_interval: often, it_value: often })
    posix.poll([], 10)
    const count = Buffer.alloc(8)
    assert.equal(posix.read(fd, count), 8)
    assert.ok(count.readBigUInt64LE() >= 9n)
  },
  'timerfd_settime(2): it tells the setting before, and zero disarms': () => {
    const fd = posix.timerfd_create(posix.CLOCK_MONOTONIC, posix.TFD_NONBLOCK)
    posix.timerfd_settime(fd, 0, second)
    assert.ok(posix.timerfd_gettime(fd).it_value.tv_nsec > 0)
    const none = { it_interval: { tv_sec: 0, tv_nsec: 0 }, it_value: { tv_sec: 0, tv_nsec: 0 } }
    assert.equal(posix.timerfd_settime(fd, 0, none).it_value.tv_sec, 0)
    assert.deepEqual(posix.timerfd_gettime(fd), none)
    assert.equal(posix.read(fd, Buffer.alloc(8)), undefined)
  },
  'timerfd_settime(2): nanoseconds out of range are EINVAL, and so is a descriptor that is no timer': () => {
    const fd = posix.timerfd_create(posix.CLOCK_MONOTONIC)
    fails('EINVAL', () => posix.timerfd_settime(fd, 0, { ...second, it_value: { tv_sec: 0, tv_nsec: 1e9 } }))
    fails('EINVAL', () => posix.timerfd_gettime(posix.eventfd(0)))
  },
  'signalfd(2): a read takes waiting signals, and tells who sent them': () => {
    posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGUSR2])
    const fd = posix.signalfd(-1, [posix.SIGUSR2], posix.SFD_NONBLOCK)
    posix.kill(posix.getpid(), posix.SIGUSR2)
    posix.kill(posix.getpid(), posix.SIGUSR2)
    const buffer = Buffer.alloc(4 * posix.SIGNALFD_SIGINFO_BYTES)
    const infos = posix.decodeSiginfos(buffer, posix.read(fd, buffer) ?? 0)
    assert.deepEqual(
      infos.map(({ ssi_signo, ssi_pid }) => [ssi_signo, ssi_pid]),
      [[posix.SIGUSR2, posix.getpid()]], // standard signals coalesce
    )
    assert.equal(posix.read(fd, buffer), undefined)
  },
}
