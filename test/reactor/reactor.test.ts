/** One contract for all reactors, over all pollers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { O_CLOEXEC, O_NONBLOCK, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../src/libc/constants.js'
import { close, pipe2, read, write } from '../../src/libc/fd.js'
import { socketpair } from '../../src/libc/socket.js'
import { BlockingReactor } from '../../src/reactor/blocking-reactor.js'
import { NodeReactor } from '../../src/reactor/node-reactor.js'
import { POLLERS, type PollerName } from '../../src/reactor/poller.js'
import { makePoller } from '../../src/reactor/pollers/make.js'
import { READABLE, type Reactor, type Watch, WRITABLE } from '../../src/reactor/reactor.js'
import { until } from '../harness/until.js'

interface Subject {
  name: string
  reactor: Reactor
  /** Lets what is ready be called back. */
  turns(count: number): Promise<void>
}

const blocking = (name: string, reactor: Reactor & { turn(): void }): Subject => ({
  name,
  reactor,
  async turns(count) {
    for (let each = 0; each < count; each++) {
      reactor.after(0, () => {})
      reactor.turn()
    }
  },
})

const joined = (poller: PollerName): Subject => ({
  name: `node over ${poller}`,
  reactor: new NodeReactor(poller),
  async turns(count) {
    for (let each = 0; each < count * 3; each++) await turn()
  },
})

const subjects = (): Subject[] => [
  ...POLLERS.map((poller) => blocking(poller, new BlockingReactor(makePoller(poller)))),
  ...POLLERS.map(joined),
]

const sockets = (): [number, number] => socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
const scratch = Buffer.alloc(64)

for (const { name, reactor, turns } of subjects()) {
  test(`reactor ${name} calls back as long as a descriptor is ready, and not before`, async () => {
    const [ours, theirs] = sockets()
    let calls = 0
    const watch = reactor.watch(ours, READABLE, (readiness) => {
      assert.equal(readiness, READABLE)
      calls++
    })
    await turns(2)
    assert.equal(calls, 0)
    write(theirs, Buffer.from('x'))
    await turns(3)
    assert.ok(calls >= 2, 'level-triggered')
    read(ours, scratch)
    const before = calls
    await turns(2)
    assert.equal(calls, before)
    watch.stop()
    close(ours)
    close(theirs)
  })

  test(`reactor ${name} tells readable from writable, and only what it was asked`, async () => {
    const [ours, theirs] = sockets()
    const seen: number[] = []
    const watch = reactor.watch(ours, WRITABLE, (readiness) => seen.push(readiness))
    write(theirs, Buffer.from('x'))
    await turns(1)
    assert.deepEqual([...new Set(seen)], [WRITABLE])
    seen.length = 0
    watch.change(READABLE | WRITABLE)
    await turns(1)
    assert.deepEqual([...new Set(seen)], [READABLE | WRITABLE])
    seen.length = 0
    watch.change(0)
    await turns(2)
    assert.deepEqual(seen, [])
    watch.change(READABLE)
    await turns(1)
    assert.deepEqual([...new Set(seen)], [READABLE])
    watch.stop()
    close(ours)
    close(theirs)
  })

  test(`reactor ${name} calls an end, and a broken pipe, ready`, async () => {
    const [readEnd, writeEnd] = pipe2(O_CLOEXEC | O_NONBLOCK)
    let ended = 0
    let broken = 0
    const reading = reactor.watch(readEnd, READABLE, () => ended++)
    close(writeEnd)
    await turns(1)
    assert.ok(ended > 0)
    reading.stop()
    const [otherRead, otherWrite] = pipe2(O_CLOEXEC | O_NONBLOCK)
    const writing = reactor.watch(otherWrite, WRITABLE, () => broken++)
    close(otherRead)
    await turns(1)
    assert.ok(broken > 0)
    writing.stop()
    close(readEnd)
    close(otherWrite)
  })

  test(`reactor ${name} does not call a watch that another stopped in the same turn`, async () => {
    const pairs = [sockets(), sockets()] as const
    const called: number[] = []
    const watches = pairs.map(([ours], index) =>
      reactor.watch(ours, READABLE, () => {
        called.push(index)
        watches[1 - index]?.stop()
      }),
    )
    for (const [, theirs] of pairs) write(theirs, Buffer.from('x'))
    await turns(1)
    assert.equal(new Set(called).size, 1, called.join(' '))
    for (const watch of watches) watch.stop()
    for (const fd of pairs.flat()) close(fd)
  })

  test(`reactor ${name} does not call a watch that was made in the same turn on the number of one that was closed`, async () => {
    const pairs = [sockets(), sockets()] as const
    const called: string[] = []
    const made: { again: [number, number]; watch: Watch }[] = []
    const watches = pairs.map(([ours], index) =>
      reactor.watch(ours, READABLE, () => {
        called.push('old')
        if (made.length > 0) return
        const other = pairs[1 - index] as [number, number]
        watches[1 - index]?.stop()
        close(other[0])
        const again = sockets()
        assert.equal(again[0], other[0])
        made.push({ again, watch: reactor.watch(again[0], READABLE, () => called.push('new')) })
      }),
    )
    for (const [, theirs] of pairs) write(theirs, Buffer.from('x'))
    await turns(1)
    assert.ok(called.length > 0 && !called.includes('new'), called.join(' '))
    for (const watch of watches) watch.stop()
    for (const { again, watch } of made) {
      watch.stop()
      for (const fd of again) close(fd)
    }
    for (const [ours, theirs] of pairs) {
      close(theirs)
      if (!made.some(({ again }) => again[0] === ours)) close(ours)
    }
  })

  test(`reactor ${name} forgets and learns again what is paused and resumed while it is ready`, async () => {
    const [ours, theirs] = sockets()
    let calls = 0
    const watch = reactor.watch(ours, READABLE, () => {
      calls++
      watch.change(0)
    })
    write(theirs, Buffer.from('x'))
    await turns(4)
    assert.equal(calls, 1)
    close(theirs)
    await turns(2)
    assert.equal(calls, 1, 'a hang-up is not reported to who wants nothing')
    watch.change(READABLE)
    await turns(2)
    assert.equal(calls, 2)
    watch.stop()
    close(ours)
  })

  test(`reactor ${name} serves each of many that are ready equally often`, async () => {
    const pairs = Array.from({ length: 700 }, sockets)
    const calls = pairs.map(() => 0)
    const watches = pairs.map(([ours], index) =>
      reactor.watch(ours, READABLE, () => {
        calls[index] = (calls[index] as number) + 1
      }),
    )
    for (const [, theirs] of pairs) write(theirs, Buffer.from('x'))
    await turns(8)
    assert.ok(Math.min(...calls) > 0, 'none is starved')
    assert.ok(Math.max(...calls) - Math.min(...calls) <= 1, `${Math.min(...calls)} to ${Math.max(...calls)}`)
    for (const watch of watches) watch.stop()
    for (const fd of pairs.flat()) close(fd)
  })

  test(`reactor ${name} watches a new descriptor that has the number of an old one`, async () => {
    const [first, firstPeer] = sockets()
    reactor.watch(first, READABLE, () => assert.fail('the old watch was called')).stop()
    close(first)
    const [again, peer] = sockets()
    assert.equal(again, first)
    let calls = 0
    const watch = reactor.watch(again, READABLE, () => calls++)
    write(peer, Buffer.from('x'))
    await turns(1)
    assert.ok(calls > 0)
    watch.stop()
    for (const fd of [again, peer, firstPeer]) close(fd)
  })

  test(`reactor ${name} fires a timer once and not too early, and a cancelled one never`, async () => {
    const before = performance.now()
    let fired = 0
    let firedAt = 0
    reactor.after(20, () => {
      fired++
      firedAt = performance.now()
    })
    reactor.after(10, () => assert.fail('it was cancelled')).cancel()
    await until('the timer', async () => {
      await turns(1)
      return fired > 0 && performance.now() > firedAt + 20
    })
    assert.equal(fired, 1)
    assert.ok(firedAt - before >= 19)
  })
}
