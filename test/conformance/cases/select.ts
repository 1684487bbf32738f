/** select(2), FD_SET(3), pselect(2). */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import { connection, elapsedMs, fill, join, listener, onUsr1, pair, setOf, whenThisSleeps, zero } from '../at-hand.js'
import type { Cases } from '../case.js'

const { FD_CLR, FD_ISSET, FD_SET, select } = posix

export const cases: Cases = {
  'select(2): a closed descriptor in a set is EBADF, and the sets stay as they were': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.close(readEnd)
    const set = setOf(readEnd, writeEnd)
    assert.throws(() => select(writeEnd + 1, set), { code: 'EBADF', syscall: 'select' })
    assert.ok(FD_ISSET(readEnd, set) && FD_ISSET(writeEnd, set))
  },
  'select(2): a negative nfds is EINVAL': () => {
    assert.throws(() => select(-1, null, null, null, zero()), { code: 'EINVAL' })
  },
  'select(2): a time-out below zero is EINVAL': () => {
    assert.throws(() => select(0, null, null, null, { tv_sec: -1, tv_usec: 0 }), { code: 'EINVAL' })
    assert.throws(() => select(0, null, null, null, { tv_sec: 0, tv_usec: -1 }), { code: 'EINVAL' })
  },
  'select(2): with a time-out of zero it returns at once': () => {
    const [readEnd] = posix.pipe()
    assert.equal(select(readEnd + 1, setOf(readEnd), null, null, zero()), 0)
  },
  'select(2): at the time-out it returns 0, and the sets are empty': () => {
    const [readEnd] = posix.pipe()
    const set = setOf(readEnd)
    const took = elapsedMs(() => assert.equal(select(readEnd + 1, set, null, null, { tv_sec: 0, tv_usec: 20_000 }), 0))
    assert.ok(took >= 20)
    assert.equal(FD_ISSET(readEnd, set), false)
  },
  'select(2): with three null sets it sleeps with a resolution below a second': () => {
    assert.ok(elapsedMs(() => select(0, null, null, null, { tv_sec: 0, tv_usec: 30_000 })) >= 30)
  },
  'select(2): a second and more of microseconds is carried over': () => {
    const [, writeEnd] = posix.pipe()
    const timeout = { tv_sec: 1, tv_usec: 2_500_000 }
    assert.equal(select(writeEnd + 1, null, setOf(writeEnd), null, timeout), 1)
    assert.ok(timeout.tv_sec === 3 && timeout.tv_usec < 500_000)
  },
  'select(2): a descriptor is readable when a read would not block': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.write(writeEnd, 'x')
    const set = setOf(readEnd)
    assert.equal(select(readEnd + 1, set), 1)
    assert.ok(FD_ISSET(readEnd, set))
  },
  'select(2): a descriptor is readable at end of file': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.close(writeEnd)
    assert.equal(select(readEnd + 1, setOf(readEnd)), 1)
  },
  'select(2): a listening socket is readable when a connection can be accepted': () => {
    const server = listener()
    assert.equal(select(server + 1, setOf(server), null, null, zero()), 0)
    posix.connect(posix.socket(posix.AF_INET, posix.SOCK_STREAM), posix.getsockname(server))
    assert.equal(select(server + 1, setOf(server)), 1)
  },
  'select(2): a descriptor is writable when a write would not block, and a full pipe is not': () => {
    const [, writeEnd] = posix.pipe()
    assert.equal(select(writeEnd + 1, null, setOf(writeEnd)), 1)
    fill(writeEnd)
    assert.equal(select(writeEnd + 1, null, setOf(writeEnd), null, zero()), 0)
  },
  'select(2): out-of-band data on a TCP socket are an exceptional condition': () => {
    const [client, server] = connection()
    posix.send(client, '!', posix.MSG_OOB)
    const except = setOf(server)
    assert.equal(select(server + 1, null, null, except), 1)
    assert.ok(FD_ISSET(server, except))
    const urgent = Buffer.alloc(4)
    assert.equal(posix.recv(server, urgent, posix.MSG_OOB), 1)
    assert.equal(urgent.toString('utf8', 0, 1), '!')
    posix.send(client, 'plain')
    assert.equal(select(server + 1, null, null, setOf(server), { tv_sec: 0, tv_usec: 20_000 }), 0)
  },
  'select(2): a regular file is always ready to be read and written': () => {
    const file = posix.open('/proc/self/exe', posix.O_RDONLY)
    assert.equal(select(file + 1, setOf(file), setOf(file), null, zero()), 2)
  },
  'select(2): the sets are changed in place to the descriptors that are ready': () => {
    const [idle] = posix.pipe()
    const [ready, writeEnd] = posix.pipe()
    posix.write(writeEnd, 'x')
    const set = setOf(idle, ready)
    assert.equal(select(writeEnd + 1, set), 1)
    assert.deepEqual([FD_ISSET(idle, set), FD_ISSET(ready, set)], [false, true])
  },
  'select(2): the result counts the bits of all three sets': () => {
    const [one, other] = pair()
    posix.write(other, 'x')
    assert.equal(select(other + 1, setOf(one), setOf(one, other)), 3)
  },
  'select(2): only the first nfds descriptors are looked at': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.write(writeEnd, 'x')
    const high = posix.fcntl(readEnd, posix.F_DUPFD, 200)
    assert.equal(select(high, setOf(high), null, null, zero()), 0)
    assert.equal(select(high + 1, setOf(high), null, null, zero()), 1)
  },
  'select(2): Linux changes the time-out to the time not slept': () => {
    const [, writeEnd] = posix.pipe()
    const timeout = { tv_sec: 10, tv_usec: 0 }
    assert.equal(select(writeEnd + 1, null, setOf(writeEnd), null, timeout), 1)
    assert.equal(timeout.tv_sec, 9)
    const short = { tv_sec: 0, tv_usec: 5000 }
    select(0, null, null, null, short)
    assert.deepEqual(short, zero())
  },
  'select(2): without a time-out it waits until a descriptor is ready': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const child = whenThisSleeps(() => posix.write(writeEnd, 'x'))
    assert.equal(select(readEnd + 1, setOf(readEnd)), 1)
    join(child)
  },
  'signal(7): select is interrupted by a handler whatever SA_RESTART says': () => {
    const calls = onUsr1(posix.SA_RESTART)
    const me = posix.getpid()
    const [readEnd] = posix.pipe()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    assert.throws(() => select(readEnd + 1, setOf(readEnd)), { code: 'EINTR', syscall: 'select' })
    assert.deepEqual(calls, [posix.SIGUSR1])
    join(child)
  },
  'select(2): the time-out tells what was left when a signal interrupts': () => {
    onUsr1()
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    const timeout = { tv_sec: 60, tv_usec: 0 }
    assert.throws(() => select(0, null, null, null, timeout), { code: 'EINTR' })
    assert.ok(timeout.tv_sec <= 59 && timeout.tv_sec > 30)
    join(child)
  },
  'select(2): with a handler installed the answers are the same as without one': () => {
    onUsr1()
    const [readEnd, writeEnd] = posix.pipe()
    const high = posix.fcntl(readEnd, posix.F_DUPFD, 950)
    const set = setOf(readEnd, high)
    assert.equal(select(high + 1, posix.fd_set(set), null, null, zero()), 0)
    posix.write(writeEnd, 'x')
    const [reads, writes] = [posix.fd_set(set), setOf(writeEnd)]
    assert.equal(select(high + 1, reads, writes), 3)
    assert.ok(FD_ISSET(readEnd, reads) && FD_ISSET(high, reads) && FD_ISSET(writeEnd, writes))
    posix.close(high)
    assert.throws(() => select(high + 1, set), { code: 'EBADF' })
  },
  'pselect(2): the time-out is left as it was': () => {
    const timeout = { tv_sec: 0, tv_nsec: 5_000_000 }
    assert.equal(posix.pselect(0, null, null, null, timeout), 0)
    assert.deepEqual(timeout, { tv_sec: 0, tv_nsec: 5_000_000 })
  },
  'pselect(2): nanoseconds of a second or more are EINVAL': () => {
    const timeout = { tv_sec: 0, tv_nsec: 1_000_000_000 }
    assert.throws(() => posix.pselect(0, null, null, null, timeout), { code: 'EINVAL', syscall: 'pselect' })
  },
  'pselect(2): a signal that waits and that its mask lets in interrupts it at once': () => {
    const calls = onUsr1()
    posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGUSR1])
    posix.raise(posix.SIGUSR1)
    assert.deepEqual(calls, [])
    assert.throws(() => posix.pselect(0, null, null, null, null, []), { code: 'EINTR' })
    assert.deepEqual(calls, [posix.SIGUSR1])
  },
  'pselect(2): the mask from before is in force again when it returns': () => {
    const calls = onUsr1()
    posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGUSR1])
    posix.pselect(0, null, null, null, { tv_sec: 0, tv_nsec: 0 }, [])
    posix.raise(posix.SIGUSR1)
    posix.pselect(0, null, null, null, { tv_sec: 0, tv_nsec: 0 })
    assert.deepEqual(calls, [])
  },
  'FD_SET(3): a descriptor that is added twice is in the set once; removing what is not there changes nothing': () => {
    const set = posix.fd_set()
    FD_SET(5, set)
    FD_SET(5, set)
    FD_CLR(5, set)
    FD_CLR(6, set)
    assert.equal(FD_ISSET(5, set), false)
  },
  'FD_COPY: a set becomes the same as another, and they are changed apart': () => {
    const [set, copy] = [setOf(3, 40), setOf(5)]
    posix.FD_COPY(set, copy)
    FD_CLR(3, set)
    assert.deepEqual(
      [3, 5, 40].map((fd) => FD_ISSET(fd, copy)),
      [true, false, true],
    )
    assert.throws(() => posix.FD_COPY(set, posix.fd_set(2000)), RangeError)
  },
  'FD_SET(3): FD_ZERO removes all': () => {
    const set = setOf(0, 31, 32, 63, 64, 1023)
    posix.FD_ZERO(set)
    assert.ok([0, 31, 32, 63, 64, 1023].every((fd) => !FD_ISSET(fd, set)))
  },
  'FD_SET(3): a descriptor below 0 or from FD_SETSIZE on is undefined in C, and refused here': () => {
    const set = posix.fd_set()
    FD_SET(posix.FD_SETSIZE - 1, set)
    for (const fd of [-1, posix.FD_SETSIZE, 1e9]) {
      assert.throws(() => FD_SET(fd, set), { name: 'RangeError', message: /FD_SETSIZE.*fd_set\(capacity\).*got/ })
      assert.throws(() => FD_CLR(fd, set), RangeError)
      assert.throws(() => FD_ISSET(fd, set), RangeError)
    }
    assert.throws(() => select(posix.FD_SETSIZE + 1, set, null, null, zero()), { name: 'RangeError', message: /nfds/ })
  },
  'select(2): the kernel has no fixed limit, so a set that was made larger holds descriptors beyond FD_SETSIZE': () => {
    const limit = posix.getrlimit(posix.RLIMIT_NOFILE)
    posix.setrlimit(posix.RLIMIT_NOFILE, { soft: Math.min(limit.hard, 4096), hard: limit.hard })
    const [readEnd, writeEnd] = posix.pipe()
    const high = posix.fcntl(readEnd, posix.F_DUPFD, 2000)
    const set = setOf(high)
    assert.equal(select(high + 1, posix.fd_set(set), null, null, zero()), 0)
    posix.write(writeEnd, 'x')
    assert.equal(select(high + 1, set), 1)
    assert.ok(FD_ISSET(high, set))
  },
}
