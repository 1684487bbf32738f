/** poll(2), ppoll(2). */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import { connection, elapsedMs, fill, join, leaveUsr1Waiting, onUsr1, pair, whenThisSleeps } from '../at-hand.js'
import type { Cases } from '../case.js'

const { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLPRI, POLLRDHUP, poll } = posix

/** What poll says about one descriptor, without waiting. */
function ask(fd: number, events: number): number {
  const entry: posix.pollfd = { fd, events }
  const count = poll([entry], 0)
  assert.equal(count, entry.revents === 0 ? 0 : 1)
  return entry.revents as number
}

export const cases: Cases = {
  'poll(2): a negative descriptor is passed over, and its revents are 0': () => {
    assert.equal(ask(-1, POLLIN), 0)
  },
  'poll(2): a closed descriptor is POLLNVAL, and not an error of the call': () => {
    const [readEnd] = posix.pipe()
    posix.close(readEnd)
    assert.equal(ask(readEnd, POLLIN), POLLNVAL)
  },
  'poll(2): data to read are POLLIN': () => {
    const [readEnd, writeEnd] = posix.pipe()
    assert.equal(ask(readEnd, POLLIN), 0)
    posix.write(writeEnd, 'x')
    assert.equal(ask(readEnd, POLLIN), POLLIN)
  },
  'poll(2): POLLHUP comes unasked when the writer has gone, and POLLIN with it until all is read': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.write(writeEnd, 'x')
    posix.close(writeEnd)
    assert.equal(ask(readEnd, POLLIN), POLLIN | POLLHUP)
    posix.read(readEnd, Buffer.alloc(1))
    assert.equal(ask(readEnd, POLLIN), POLLHUP)
  },
  'poll(2): the write end of a pipe without a reader is POLLERR': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.close(readEnd)
    assert.equal(ask(writeEnd, 0), POLLERR)
  },
  'poll(2): a full pipe is not POLLOUT': () => {
    const [, writeEnd] = posix.pipe()
    assert.equal(ask(writeEnd, POLLOUT), POLLOUT)
    fill(writeEnd)
    assert.equal(ask(writeEnd, POLLOUT), 0)
  },
  'poll(2): out-of-band data are POLLPRI': () => {
    const [client, server] = connection()
    posix.send(client, '!', posix.MSG_OOB)
    const entry: posix.pollfd = { fd: server, events: POLLPRI }
    assert.equal(poll([entry], 5000), 1)
    assert.equal(entry.revents, POLLPRI)
  },
  'poll(2): a peer that shut down its writing half is POLLRDHUP where asked for': () => {
    const [one, other] = pair()
    posix.shutdown(other, posix.SHUT_WR)
    assert.equal(ask(one, POLLRDHUP), POLLRDHUP)
    assert.equal(ask(one, POLLIN), POLLIN)
  },
  'poll(2): a regular file is always readable and writable': () => {
    const file = posix.open('/proc/self/exe', posix.O_RDONLY)
    assert.equal(ask(file, POLLIN | POLLOUT), POLLIN | POLLOUT)
  },
  'poll(2): it returns the number of entries whose revents are not 0': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const entries = [
      { fd: readEnd, events: POLLIN },
      { fd: writeEnd, events: POLLOUT },
      { fd: 987, events: POLLIN },
      { fd: -1, events: POLLIN },
    ]
    assert.equal(poll(entries, 0), 2)
  },
  'poll(2): revents from the call before are overwritten': () => {
    const [readEnd] = posix.pipe()
    const entry = { fd: readEnd, events: POLLIN, revents: 0x7fff }
    assert.equal(poll([entry], 0), 0)
    assert.equal(entry.revents, 0)
  },
  'poll(2): it waits at least as long as the time-out': () => {
    const took = elapsedMs(() => assert.equal(poll([], 25), 0))
    assert.ok(took >= 25, `${took}`)
  },
  'poll(2): a negative time-out waits until something is ready': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const child = whenThisSleeps(() => posix.write(writeEnd, 'x'))
    assert.equal(poll([{ fd: readEnd, events: POLLIN }], -1), 1)
    join(child)
  },
  'poll(2): more entries than RLIMIT_NOFILE allows are EINVAL': () => {
    const { hard } = posix.getrlimit(posix.RLIMIT_NOFILE)
    posix.setrlimit(posix.RLIMIT_NOFILE, { soft: 40, hard })
    const entries = Array.from({ length: 41 }, () => ({ fd: -1, events: 0 }))
    assert.throws(() => poll(entries, 0), { code: 'EINVAL', syscall: 'poll' })
    assert.equal(poll(entries.slice(1), 0), 0)
  },
  'signal(7): poll is interrupted by a handler whatever SA_RESTART says': () => {
    const calls = onUsr1(posix.SA_RESTART)
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    assert.throws(() => poll([], -1), { code: 'EINTR', syscall: 'poll' })
    assert.deepEqual(calls, [posix.SIGUSR1])
    join(child)
  },
  'poll(2): with a handler installed the answers are the same as without one': () => {
    onUsr1()
    const [readEnd, writeEnd] = posix.pipe()
    assert.equal(ask(readEnd, POLLIN), 0)
    posix.write(writeEnd, 'x')
    assert.equal(ask(readEnd, POLLIN), POLLIN)
    assert.equal(ask(987, POLLIN), POLLNVAL)
    assert.ok(elapsedMs(() => poll([], 25)) >= 25)
  },
  'poll(2): a handler that polls itself does not disturb the poll that it runs in': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.write(writeEnd, 'x')
    const inner: number[] = []
    posix.signal(posix.SIGUSR1, () => inner.push(ask(987, POLLIN)))
    const child = leaveUsr1Waiting()
    assert.equal(ask(readEnd, POLLIN), POLLIN)
    assert.deepEqual(inner, [POLLNVAL])
    join(child)
  },
  'ppoll(2): nanoseconds of a second or more are EINVAL': () => {
    assert.throws(() => posix.ppoll([], { tv_sec: 0, tv_nsec: 1e9 }), { code: 'EINVAL', syscall: 'ppoll' })
  },
  'ppoll(2): the time-out is left as it was': () => {
    const timeout = { tv_sec: 0, tv_nsec: 3_000_000 }
    assert.equal(posix.ppoll([], timeout), 0)
    assert.deepEqual(timeout, { tv_sec: 0, tv_nsec: 3_000_000 })
  },
  'ppoll(2): a signal that waits and that its mask lets in interrupts it at once': () => {
    const calls = onUsr1()
    posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGUSR1])
    posix.raise(posix.SIGUSR1)
    assert.throws(() => posix.ppoll([], null, []), { code: 'EINTR' })
    assert.deepEqual(calls, [posix.SIGUSR1])
  },
}
