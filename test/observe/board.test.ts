/** A scoreboard, written here and read as `tined ps` reads it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { close } from '../../src/libc/fd.js'
import { type Board, boardFrom, readBoard } from '../../src/observe/board.js'
import { BYTES_READ, CONNECTIONS, slots } from '../../src/reactor/slot.js'
import { countAnswer } from '../../src/supervisor/answer-times.js'
import { HEAD_BYTES, SYNC_TIMES } from '../../src/supervisor/board-layout.js'
import { Scoreboard } from '../../src/supervisor/scoreboard.js'
import { headBefore, Times } from '../../src/supervisor/times.js'

function read(): Board {
  const board = readBoard(process.pid, new Set())
  assert.ok(typeof board === 'object', String(board))
  return board
}

function withBoard(processes: number, rows: number, check: (board: Scoreboard) => void): void {
  const board = new Scoreboard(processes, rows)
  try {
    check(board)
  } finally {
    close(board.descriptor)
  }
}

const client = { family: 'IPv4', address: '127.0.0.1', port: 5000 } as const

test('processes, and connections of workers', () =>
  withBoard(4, 3, (board) => {
    const slot = board.take('connection', 7, 9, 1000, client)
    board.forked(slot, 4711, performance.now())
    board.set(slot, BYTES_READ, 12)
    const worker = board.take('worker', 0, -1, 2000)
    board.forked(worker, 4712, performance.now())
    board.set(worker, CONNECTIONS, 2)
    const { processes, rows, ends } = read()
    assert.deepEqual([...processes.keys()], [4711, 4712])
    const {
      role,
      id,
      descriptor,
      startedMs,
      bytesRead,
      client: name,
    } = processes.get(4711) as never as Record<string, unknown>
    assert.deepEqual(
      [role, id, descriptor, startedMs, bytesRead, name],
      ['connection', 7, 9, 1000, 12, '127.0.0.1:5000'],
    )
    assert.deepEqual([processes.get(4712)?.role, processes.get(4712)?.connections], ['worker', 2])
    assert.deepEqual([rows, ends], [[], []])
    board.release(slot)
    assert.deepEqual([...read().processes.keys()], [4712])
  }))

test('the last sixteen ends, newest first', () =>
  withBoard(4, 0, (board) => {
    const end = (id: number): void =>
      board.head.ends.add({ pid: 100 + id, role: 'connection', id, peer: undefined, startedMs: 5, slot: 1 }, id << 8)
    for (let id = 1; id <= 20; id++) end(id)
    const { ends } = read()
    assert.deepEqual(
      ends.map(({ id }) => id),
      Array.from({ length: 16 }, (_, back) => 20 - back),
    )
    const { pid, role, status, startedMs } = ends[0] as Board['ends'][number]
    assert.deepEqual([pid, role, status, startedMs], [120, 'connection', 20 << 8, 5])
    board.forgetPast()
    assert.deepEqual(read().ends, [])
  }))

test('all ends by role and status, however many: what has no room of its own is counted together', () =>
  withBoard(4, 0, (board) => {
    const end = (role: 'connection' | 'writer', status: number): void =>
      board.head.ends.add({ pid: 100, role, id: 1, peer: undefined, startedMs: 5, slot: 1 }, status)
    for (let count = 0; count < 1000; count++) end('connection', 0)
    end('writer', 0)
    end('connection', 9)
    assert.deepEqual(read().endCounts, [
      { role: 'connection', status: 0, count: 1000 },
      { role: 'writer', status: 0, count: 1 },
      { role: 'connection', status: 9, count: 1 },
    ])
    for (let status = 1; status <= 100; status++) end('connection', status << 8)
    const { endCounts, totals } = read()
    assert.deepEqual(endCounts.at(-1), { role: undefined, status: undefined, count: 40 })
    assert.equal(
      endCounts.reduce((sum, { count }) => sum + count, 0),
      totals.reaped,
    )
    board.forgetPast()
    assert.deepEqual(read().endCounts, [])
  }))

test('times: how many, their sum, and which power of two they are below; a writer adds its own from its slot', () =>
  withBoard(4, 0, (board) => {
    for (const ms of [0.0005, 0.5, 0.6, 3, 5000]) board.head.forkTimes.add(ms)
    const { forkTimes } = read()
    assert.deepEqual([forkTimes.count, Number(forkTimes.sumMs.toFixed(4))], [5, 5004.1005])
    const found = forkTimes.buckets.flatMap((count, place) => (count === 0 ? [] : [[place, count]]))
    assert.deepEqual(found, [
      [0, 1],
      [9, 1],
      [10, 1],
      [12, 1],
      [21, 1],
    ])
    board.show(board.take('writer', 0, -1, 1000))
    new Times(headBefore(slots()), SYNC_TIMES).add(2)
    board.showSupervisor()
    assert.deepEqual([read().syncTimes.count, read().syncTimes.sumMs], [1, 2])
    board.forgetPast()
    assert.equal(read().forkTimes.count, 0)
  }))

test('signals that were sent, and that came: the last ones, and how many of each', () =>
  withBoard(4, 0, (board) => {
    const { signals } = board.head
    assert.deepEqual([signals.send(process.pid, 0), signals.send(1 << 30, 15)], ['sent', 'gone'])
    signals.came(15, 0)
    for (let count = 1; count <= 30; count++) signals.note(9, 100, count)
    const found = read()
    assert.deepEqual(
      found.signals.map(({ to }) => to),
      Array.from({ length: 24 }, (_, back) => 30 - back),
    )
    const { number, signal, from, sentMs } = found.signals[0] as Board['signals'][number]
    assert.deepEqual([number, signal, from, Math.abs(Date.now() - sentMs) < 5000], [32, 9, 100, true])
    assert.deepEqual(found.signalCounts, [
      { signal: 9, count: 30 },
      { signal: 15, count: 1 },
    ])
    board.forgetPast()
    assert.deepEqual([read().signals, read().signalCounts], [[], []])
  }))

test('how long answers took, of all processes together, whichever slots they have', () =>
  withBoard(40, 0, (board) => {
    for (let number = 0; number < 40; number++) {
      board.show(board.take('connection', number, 9, 1000, client))
      countAnswer(number < 20 ? 0.003 : 3)
    }
    board.showSupervisor()
    const { answerTimes } = read()
    assert.deepEqual([answerTimes.count, Number(answerTimes.sumMs.toFixed(2))], [40, 60.06])
    assert.deepEqual([answerTimes.buckets[2], answerTimes.buckets[12]], [20, 20])
    board.forgetPast()
    assert.equal(read().answerTimes.count, 0)
  }))

test('another version is not read', () => {
  const page = Buffer.alloc(HEAD_BYTES)
  page.writeDoubleLE(99, 0)
  assert.equal(
    boardFrom((at, bytes) => page.subarray(at, at + bytes)),
    99,
  )
  assert.equal(
    boardFrom(() => Buffer.alloc(0)),
    0,
  )
})

test('a process without one has none', () => assert.match(String(readBoard(process.pid, new Set())), /no scoreboard/))

test('what the server counts: of processes that run, and of those that have ended', () =>
  withBoard(4, 2, (board) => {
    const [first, second] = [1, 2].map((id) => {
      const slot = board.take('connection', id, 9, 1000, client)
      board.forked(slot, 4710 + id, performance.now())
      board.set(slot, BYTES_READ, id * 10)
      return slot
    }) as [number, number]
    board.accept()
    const all = { bytesRead: 30, bytesWritten: 0, messages: 0, accepted: 1 }
    assert.deepEqual(read().totals, { ...all, reaped: 0, forked: 2 })
    board.head.ends.add({ pid: 4711, role: 'connection', id: 1, peer: undefined, startedMs: 5, slot: first }, 0)
    board.release(first)
    assert.deepEqual(read().totals, { ...all, reaped: 1, forked: 2 })
    board.release(second)
  }))
