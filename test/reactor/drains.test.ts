/** Interest with DRAINS: nothing is lost of what came, whichever poller looks how often. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SHUT_WR } from '../../src/libc/constants.js'
import { close, read, write } from '../../src/libc/fd.js'
import { MSG_OOB } from '../../src/libc/io-constants.js'
import { shutdown } from '../../src/libc/socket.js'
import { send } from '../../src/posix/index.js'
import { BlockingReactor } from '../../src/reactor/blocking-reactor.js'
import { POLLERS } from '../../src/reactor/poller.js'
import { EpollPoller } from '../../src/reactor/pollers/epoll.js'
import { makePoller } from '../../src/reactor/pollers/make.js'
import { DRAINS, READABLE, type Watch, WRITABLE } from '../../src/reactor/reactor.js'
import { tcpPair } from '../harness/tcp-pair.js'

const scratch = Buffer.alloc(4096)
const DRAINED = READABLE | DRAINS

interface Subject {
  reactor: BlockingReactor
  ours: number
  theirs: number
  /** Everything a watch took: text, and `end`. */
  taken: string[]
  watch: Watch
  turns(count: number): void
}

/** A watch whose reads take `most` bytes each time, and which says `more` when there may be. */
async function subject(poller: (typeof POLLERS)[number], most = scratch.length): Promise<Subject> {
  const reactor = new BlockingReactor(makePoller(poller))
  const [ours, theirs] = await tcpPair()
  const taken: string[] = []
  const watch: Watch = reactor.watch(ours, DRAINED, () => {
    const count = read(ours, scratch, most)
    if (count === 0) watch.change(0)
    if (count === most) watch.more()
    taken.push(count === undefined ? 'nothing' : count === 0 ? 'end' : scratch.toString('latin1', 0, count))
  })
  const turns = (count: number): void => {
    for (let turn = 0; turn < count; turn++) {
      reactor.after(0, () => {})
      reactor.turn()
    }
  }
  return { reactor, ours, theirs, taken, watch, turns }
}

function finish({ reactor, ours, theirs, watch }: Subject): void {
  watch.stop()
  reactor.close()
  for (const fd of [ours, theirs]) close(fd)
}

for (const poller of POLLERS) {
  test(`${poller}: who takes all is called back once, and again when more comes`, async () => {
    const it = await subject(poller)
    write(it.theirs, Buffer.from('one'))
    it.turns(3)
    write(it.theirs, Buffer.from('two'))
    it.turns(3)
    assert.deepEqual(it.taken, ['one', 'two'])
    finish(it)
  })

  test(`${poller}: who says that there is more is called back again`, async () => {
    const it = await subject(poller, 2)
    write(it.theirs, Buffer.from('abcdefg'))
    it.turns(6)
    assert.deepEqual(it.taken, ['ab', 'cd', 'ef', 'g'])
    finish(it)
  })

  test(`${poller}: an end of file that came together with the last bytes is reported`, async () => {
    const it = await subject(poller)
    write(it.theirs, Buffer.from('last'))
    shutdown(it.theirs, SHUT_WR)
    it.turns(3)
    assert.deepEqual(it.taken, ['last', 'end'])
    finish(it)
  })

  test(`${poller}: bytes behind a mark of urgent data, where a read ends, are reported`, async () => {
    const it = await subject(poller)
    write(it.theirs, Buffer.from('ab'))
    send(it.theirs, Buffer.from('!'), MSG_OOB)
    write(it.theirs, Buffer.from('cd'))
    it.turns(4)
    assert.deepEqual(it.taken, ['ab', 'cd'])
    finish(it)
  })

  test(`${poller}: what came during a pause is reported after it`, async () => {
    const it = await subject(poller)
    it.watch.change(0)
    write(it.theirs, Buffer.from('early'))
    it.turns(2)
    assert.deepEqual(it.taken, [])
    it.watch.change(DRAINED)
    it.turns(2)
    assert.deepEqual(it.taken, ['early'])
    finish(it)
  })

  test(`${poller}: interest in writing comes and goes without losing what is to be read`, async () => {
    const reactor = new BlockingReactor(makePoller(poller))
    const [ours, theirs] = await tcpPair()
    const seen: number[] = []
    let interest = DRAINED | WRITABLE
    const watch: Watch = reactor.watch(ours, interest, (readiness) => {
      seen.push(readiness)
      if (readiness & READABLE) read(ours, scratch)
      interest = DRAINED
      watch.change(interest)
    })
    reactor.turn()
    assert.deepEqual(seen, [WRITABLE])
    for (const text of ['one', 'two']) {
      write(theirs, Buffer.from(text))
      reactor.turn()
    }
    assert.deepEqual(seen.slice(1), [READABLE, READABLE])
    watch.change(WRITABLE)
    write(theirs, Buffer.from('three'))
    reactor.turn()
    assert.equal(seen.at(-1), WRITABLE)
    reactor.turn()
    assert.equal(seen.at(-1), READABLE)
    watch.stop()
    reactor.close()
    for (const fd of [ours, theirs]) close(fd)
  })
}

test('epoll does not look a second time at what was taken', async () => {
  const [ours, theirs] = await tcpPair()
  const poller = new EpollPoller()
  poller.set(ours, DRAINED)
  write(theirs, scratch)
  assert.equal(poller.wait(-1), 1)
  assert.equal(poller.wait(0), 0, 'reported once, though nothing was read')
  poller.more(ours)
  assert.deepEqual([poller.wait(0), poller.wait(0)], [1, 1], 'reported as long as it is there')
  poller.close()
  for (const fd of [ours, theirs]) close(fd)
})
