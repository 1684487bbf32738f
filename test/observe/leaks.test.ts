/** What a ledger gives away, in planted ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaksIn } from '../../src/observe/leaks.js'
import type { Entry } from '../../src/observe/ledger.js'
import type { ProcessView } from '../../src/observe/server-view.js'
import type { Socket } from '../../src/observe/sockets.js'
import { entry, process, view } from './findings.js'

const tcp = { kind: 'tcp', local: '127.0.0.1:9190', localPort: 9190, unsentBytes: 0, unreadBytes: 0 } as const
const sockets = new Map<number, Socket>([
  [1, { ...tcp, remote: '0.0.0.0:0', state: 'LISTEN' }],
  [2, { ...tcp, remote: '127.0.0.1:5', state: 'ESTABLISHED' }],
  [3, { ...tcp, remote: '127.0.0.1:6', state: 'CLOSE_WAIT' }],
])

function leaks(...held: [ProcessView, Entry[]][]): [string, number][] {
  const ledger = new Map(held.map(([{ pid }, entries]) => [pid, entries]))
  const processes = held.map(([each]) => each)
  return leaksIn(ledger, view(processes, { sockets })).map(({ kind, pid }) => [kind, pid])
}

const supervisor = process(2, 'supervisor')
const [one, other] = [process(3, 'connection'), process(4, 'connection')]
const both = [entry(5, 'pipe:[9]', 'read'), entry(6, 'pipe:[9]', 'write')]
const listens = entry(7, 'socket:[1]')

test('both ends of a pipe that another reads', () => {
  assert.deepEqual(leaks([one, both], [other, [entry(5, 'pipe:[9]', 'read')]]), [['leaked-pipe-end', 3]])
  assert.deepEqual(leaks([one, both], [other, [entry(5, 'pipe:[9]', 'write')]]), [])
  assert.deepEqual(leaks([one, both]), [])
})

test('pipes of the supervisor and of workers are theirs', () => {
  assert.deepEqual(leaks([supervisor, both], [process(3, 'writer'), [entry(5, 'pipe:[9]', 'read')]]), [])
  assert.deepEqual(leaks([process(3, 'worker'), both], [process(4, 'worker'), both]), [])
})

test('a client that two serve, that the supervisor keeps, or that only one has', () => {
  const client = entry(8, 'socket:[2]')
  assert.deepEqual(leaks([supervisor, [listens]], [one, [client]], [other, [client]]), [['shared-client', 3]])
  assert.deepEqual(leaks([supervisor, [listens, client]], [one, [client]]), [['kept-client', 2]])
  assert.deepEqual(leaks([supervisor, [listens]], [one, [client]]), [])
})

test('a socket of the program’s own, which it has to somebody else, is no client', () => {
  const own = entry(8, 'socket:[2]')
  assert.deepEqual(leaks([one, [own]], [other, [own]]), [])
})

test('a worker that holds more clients or fewer than the scoreboard says', () => {
  const client = entry(8, 'socket:[2]')
  const worker = (connections: number) => process(3, 'worker', { connections })
  const prefork = (occupation: 'busy' | 'idle') => process(3, 'prefork', { occupation })
  assert.deepEqual(leaks([worker(1), [listens, client]]), [])
  assert.deepEqual(leaks([worker(2), [listens, client]]), [['count-differs', 3]])
  assert.deepEqual(leaks([prefork('busy'), [listens, client]]), [])
  assert.deepEqual(leaks([prefork('idle'), [listens, client]]), [['count-differs', 3]])
})

test('a side that is not closed', () => assert.deepEqual(leaks([one, [entry(8, 'socket:[3]')]]), [['close-wait', 3]]))
