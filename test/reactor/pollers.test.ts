/** What is true of one poller only. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RLIMIT_NOFILE, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../src/libc/constants.js'
import { close, fcntl, read, write } from '../../src/libc/fd.js'
import { F_DUPFD_CLOEXEC } from '../../src/libc/io-constants.js'
import { getrlimit } from '../../src/libc/resource.js'
import { socketpair } from '../../src/libc/socket.js'
import { SHARED } from '../../src/reactor/poller.js'
import { EpollPoller } from '../../src/reactor/pollers/epoll.js'
import { MirroredPoller } from '../../src/reactor/pollers/mirrored.js'
import { PollPoller } from '../../src/reactor/pollers/poll.js'
import { SelectPoller } from '../../src/reactor/pollers/select.js'
import { READABLE, WRITABLE } from '../../src/reactor/reactor.js'

const sockets = (): [number, number] => socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
const scratch = Buffer.alloc(8)

test('select watches descriptors far above FD_SETSIZE, in whatever order they come and go', (t) => {
  const most = getrlimit(RLIMIT_NOFILE).soft
  if (most < 20_000) return t.skip(`the limit of descriptors is ${most}`)
  const [ours, theirs] = sockets()
  const high = [1023, 1024, 5000, 19_999].map((least) => fcntl(ours, F_DUPFD_CLOEXEC, least))
  const poller = new SelectPoller()
  for (const fd of [...high].reverse()) poller.set(fd, READABLE)
  assert.equal(poller.wait(0), 0)
  write(theirs, scratch)
  assert.equal(poller.wait(-1), high.length)
  assert.deepEqual(
    high.map((_, index) => poller.fd(index)),
    high,
  )
  poller.forget(high[3] as number)
  poller.set(high[1] as number, READABLE | WRITABLE)
  assert.equal(poller.wait(-1), 3)
  assert.equal(poller.readiness(1), READABLE | WRITABLE)
  for (const fd of high) poller.forget(fd)
  assert.equal(poller.wait(0), 0)
  for (const fd of [ours, theirs, ...high]) close(fd)
})

test('select asks about descriptor 31, the sign bit of a word', (t) => {
  const [ours, theirs] = sockets()
  const fd = [31, 63, 95, 127].map((least) => fcntl(ours, F_DUPFD_CLOEXEC, least)).find((each) => each % 32 === 31)
  if (fd === undefined) return t.skip('by design: each of these numbers is taken')
  const poller = new SelectPoller()
  poller.set(fd, READABLE | WRITABLE)
  write(theirs, scratch)
  assert.equal(poller.wait(-1), 1)
  assert.deepEqual([poller.fd(0), poller.readiness(0)], [fd, READABLE | WRITABLE])
  for (const each of [ours, theirs, fd]) close(each)
})

test('poll keeps its places in order when one in the middle goes', () => {
  const pairs = [sockets(), sockets(), sockets()] as const
  const poller = new PollPoller()
  for (const [ours] of pairs) poller.set(ours, READABLE)
  poller.set(pairs[0][0], 0)
  for (const [, theirs] of pairs) write(theirs, scratch)
  assert.equal(poller.wait(-1), 2)
  assert.deepEqual(new Set([poller.fd(0), poller.fd(1)]), new Set([pairs[1][0], pairs[2][0]]))
  for (const fd of pairs.flat()) close(fd)
})

test('epoll tells the kernel less only when that matters, and more at once', () => {
  const [ours, theirs] = sockets()
  const poller = new EpollPoller()
  poller.set(ours, READABLE)
  poller.set(ours, 0)
  write(theirs, scratch)
  assert.equal(poller.wait(0), 1, 'still in the set')
  poller.unwanted(ours)
  assert.equal(poller.wait(0), 0)
  poller.set(ours, READABLE | WRITABLE)
  assert.equal(poller.wait(0), 1)
  assert.equal(poller.readiness(0), READABLE | WRITABLE)
  poller.forget(ours)
  assert.equal(poller.wait(0), 0)
  poller.close()
  for (const fd of [ours, theirs]) close(fd)
})

test('epoll lets go of what is shared at once: a wake-up that it took would be lost for the others', () => {
  const [ours, theirs] = sockets()
  const poller = new EpollPoller()
  poller.set(ours, READABLE | SHARED)
  write(theirs, scratch)
  assert.equal(poller.wait(0), 1)
  poller.set(ours, 0)
  assert.equal(poller.wait(0), 0)
  poller.set(ours, READABLE | SHARED)
  assert.equal(poller.wait(0), 1)
  poller.forget(ours)
  poller.close()
  for (const fd of [ours, theirs]) close(fd)
})

test('a mirror is not ready for what nobody wants', () => {
  const [ours, theirs] = sockets()
  const poller = new MirroredPoller(new PollPoller())
  const outer = new EpollPoller()
  outer.set(poller.descriptor, READABLE)
  poller.set(ours, READABLE)
  assert.equal(outer.wait(0), 0)
  write(theirs, scratch)
  assert.equal(outer.wait(0), 1)
  assert.equal(poller.wait(0), 1)
  poller.set(ours, 0)
  assert.equal(poller.wait(0), 0)
  assert.equal(outer.wait(0), 0, 'the loop would be woken for ever')
  poller.set(ours, READABLE)
  assert.equal(outer.wait(0), 1)
  read(ours, scratch)
  assert.equal(outer.wait(0), 0)
  poller.close()
  outer.close()
  for (const fd of [ours, theirs]) close(fd)
})
