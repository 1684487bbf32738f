/** The session over any framing: what goes back, in which order, and when its client is not read from. No server. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENOSPC } from '../../../src/libc/constants.js'
import { BlockingReactor } from '../../../src/reactor/blocking-reactor.js'
import type { WatchingConnection } from '../../../src/server/connection/contract.js'
import type { Heard, Outgoing } from '../../../src/store/connection/link.js'
import { MessageSession, type SessionSetup } from '../../../src/store/connection/message-session.js'
import { DISK, MEMORY } from '../../../src/store/durability.js'
import { line } from '../../../src/store/framing/line.js'
import { acceptAll, judgeBy, refuse } from '../../../src/store/hooks.js'
import { wantedOf } from '../../../src/store/wire.js'

class Bench {
  readonly calls: string[] = []
  readonly wanted: number[] = []
  readonly reactor = new BlockingReactor()
  outbox!: Outgoing
  heard!: Heard
  readonly session: MessageSession

  constructor(setup: Partial<SessionSetup> = {}) {
    const { calls, reactor } = this
    const note = (what: string) => () => void calls.push(what)
    const connection = {
      ...{ id: 1, peerName: 'peer', reactor, closed: false },
      write: (bytes: Buffer) => void calls.push(...bytes.toString().split('\n').slice(0, -1)),
      ...{ pause: note('pause'), resume: note('resume'), end: note('end'), finish: note('finish') },
    } as unknown as WatchingConnection
    const usual: SessionSetup = {
      ...{ framing: line, ack: 'echo', judge: acceptAll, maxMessageBytes: 600_000, messageTimeoutMs: 0 },
      durabilityOf: () => undefined,
      failed: (_connection, failure) => calls.push(failure),
    }
    this.session = new MessageSession(
      connection,
      { ...usual, ...setup },
      (_owner, outbox, heard) => {
        this.outbox = outbox
        this.heard = heard
        return { flush: () => this.#flush(), close: note('let go') }
      },
      (_connection, reason) => calls.push(`refused: ${reason}`),
    )
  }

  #flush(): void {
    for (let next = this.outbox.next(); next !== undefined; next = this.outbox.next())
      this.wanted.push(wantedOf(next.flags))
  }

  send(text: string): string[] {
    this.session.data(Buffer.from(text))
    return this.calls.splice(0)
  }

  hear(...heard: Parameters<Heard>): string[] {
    this.heard(...heard)
    return this.calls.splice(0)
  }
}

const judge = judgeBy(
  { accept: (message) => (message[0] === 0x21 ? refuse('no') : message) },
  { maxMessageBytes: 600_000, oneLine: false },
)

test('what is refused at once waits for those before it, and nobody is told out of order', () => {
  const bench = new Bench({ judge })
  assert.deepEqual(bench.send('!0\none\n!1\ntwo\nthree\n!2\n'), ['error: no'])
  assert.deepEqual(bench.hear(1, 0, DISK), ['one', 'error: no'])
  assert.deepEqual(bench.hear(2, 0, DISK), ['two'])
  assert.deepEqual(bench.hear(3, ENOSPC, 0), ['error: not stored: no space left on device (ENOSPC)', 'error: no'])
  bench.session.end()
  assert.deepEqual(bench.calls, ['end'])
})

test('sequence numbers, as far as they are known, and nothing where nothing is wanted', () => {
  const bench = new Bench({ ack: 'sequence', durabilityOf: () => 'memory' })
  assert.deepEqual(bench.send('one\ntwo\nthree\n'), [])
  assert.deepEqual(bench.wanted, [MEMORY])
  const atMs = Date.UTC(2026, 0, 31)
  assert.deepEqual(bench.hear(1, 0, DISK, { sequences: [7], atMs }), ['7 disk 2026-01-31T00:00:00.000Z'])
  assert.deepEqual(bench.hear(2, 0, MEMORY, { sequences: [], atMs }), ['- memory 2026-01-31T00:00:00.000Z'])
  assert.deepEqual(bench.hear(3, 0, 0), ['- - -'])
  const silent = new Bench({ ack: 'none', judge })
  assert.deepEqual(silent.send('one\n!\ntwo\n'), [])
  assert.deepEqual(silent.hear(1, 0, DISK), ['error: no'])
  assert.deepEqual(silent.hear(2, 5, 0), ['error: not stored: i/o error (EIO)'])
})

test('a client is not read from while the window is full, while much is held, or while many answers wait', () => {
  const many = new Bench()
  assert.deepEqual(many.send('x\n'.repeat(300)), ['pause'])
  assert.deepEqual(many.hear(200, 0, DISK).slice(-1), ['resume'])
  const large = new Bench({ ack: 'none' })
  assert.deepEqual(large.send(`${'x'.repeat(550_000)}\n`), ['pause'])
  assert.deepEqual(large.hear(1, 0, DISK), ['resume'])
  const refused = new Bench({ judge })
  assert.deepEqual(refused.send(`one\n${'!\n'.repeat(1500)}`), ['pause'], 'they wait for the first')
  assert.equal(refused.hear(1, 0, DISK).filter((answer) => answer === 'error: no').length, 1500)
})

test('a client that is sent away gets what it is owed first, and nothing of it is taken any more', () => {
  const bench = new Bench({ maxMessageBytes: 5 })
  assert.deepEqual(bench.send('one\nmuch too long'), ['pause'])
  assert.deepEqual(bench.send('two\n'), [])
  const end = ['refused: message longer than 5 bytes', 'error: message longer than 5 bytes', 'finish']
  assert.deepEqual(bench.hear(1, 0, DISK), ['one', ...end])
  bench.session.close()
  assert.deepEqual(bench.calls, ['let go'])
})

test('a message that does not come whole in time, and a program that fails', () => {
  const bench = new Bench({ messageTimeoutMs: 1, judge: () => ({ error: 'error: it', failure: 'it failed' }) })
  assert.deepEqual(bench.send('one\ntwo\npart'), ['it failed', 'error: it', 'error: it'], 'said once')
  while (bench.calls.length === 0) bench.reactor.turn()
  const reason = 'message not complete within 1 ms'
  assert.deepEqual(bench.calls, ['pause', `refused: ${reason}`, `error: ${reason}`, 'finish'])
})

test('a client of whom the program cannot say how durable its messages are is told, and nothing of it is stored', () => {
  const durabilityOf = (): never => {
    throw new TypeError('durability: no')
  }
  const bench = new Bench({ durabilityOf })
  const reason = 'not stored: durability failed'
  const said = ['TypeError: durability: no', 'pause', `refused: ${reason}`, `error: ${reason}`, 'finish']
  assert.deepEqual(bench.send('one\n'), said)
  assert.equal(bench.outbox.backlog, false)
})

test('what a program gives is checked: its kind, its length, and that it is one line where there is room for no more', () => {
  const errors = (accept: () => unknown, oneLine = false): unknown => {
    const found = judgeBy({ accept: accept as never }, { maxMessageBytes: 3, oneLine })(Buffer.from('m'), undefined)
    return 'error' in found ? found.failure : found.message.toString()
  }
  assert.equal(
    errors(() => 'abc'),
    'abc',
  )
  assert.equal(
    errors(() => Uint8Array.of(97)),
    'a',
  )
  assert.equal(
    errors(() => 'a\nb'),
    'a\nb',
  )
  assert.match(String(errors(() => 'a\nb', true)), /a newline, in a message for a text: file$/)
  assert.match(String(errors(() => 'abcd')), /4 bytes, more than 3$/)
  assert.match(String(errors(() => undefined)), /expected bytes, a text, or refuse\(\), got undefined$/)
  const promised = Promise.reject(new Error('nobody waits for this'))
  assert.match(String(errors(() => promised)), /a promise: it is not waited for$/)
  assert.throws(() => refuse(' '), TypeError)
  const later = judgeBy({ fields: async () => ({}) }, { maxMessageBytes: 3, oneLine: false })
  assert.deepEqual(later(Buffer.from('m'), undefined), {
    error: 'error: not stored: fields failed',
    failure: 'fields failed: TypeError: expected an object, got a promise: it is not waited for',
  })
})
