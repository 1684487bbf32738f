/** What a closer look is made of: pipes from a ledger, messages from the end of a file, and something costly done seldom. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messagesIn } from '../../src/page/last-messages.js'
import { pipesIn } from '../../src/page/pipes.js'
import { Seldom } from '../../src/page/seldom.js'
import { GrowingBuffer } from '../../src/store/connection/growing-buffer.js'
import { addRecord } from '../../src/store/file/record.js'
import { entry } from '../observe/findings.js'

const end = (fd: number, inode: number, access: 'read' | 'write', others: number[], otherEnd: number[]) => ({
  ...entry(fd, `pipe:[${inode}]`, access),
  ...{ alsoHeldBy: others, otherEndHeldBy: otherEnd },
})

test('pipes that lead from one process to another, whoever keeps ends for others named last', () => {
  const ledger = new Map([
    [2, [end(5, 70, 'read', [3], [2, 4]), end(6, 70, 'write', [4], [2, 3])]],
    [3, [end(7, 70, 'read', [2], [2, 4]), end(8, 71, 'read', [], [3]), end(9, 71, 'write', [], [3])]],
    [4, [end(6, 70, 'write', [2], [2, 3])]],
  ])
  assert.deepEqual(pipesIn(ledger, [2]), [{ inode: 70, pid: 2, fd: 5, readers: [3, 2], writers: [4, 2] }])
})

test('the last lines of a file, escaped and cut; not one whose beginning or end is missing', () => {
  const bytes = new GrowingBuffer(100)
  const head = { seq: 1, time: '2026-01-31T12:00:00.000Z', connection: 'a-1', n: 1, peer: '127.0.0.1:5000' }
  addRecord(bytes, head, Buffer.from('\u001b[2J<b>'))
  const text = bytes.bytes.subarray(0, bytes.length).toString()
  const file = Buffer.from(`${'y'.repeat(400)}\n${text}not whole`)
  const record = { time: head.time, peer: head.peer, text: '\\x1b[2J<b>' }
  assert.deepEqual(messagesIn(file, true), [{ text: `${'y'.repeat(300)}…` }, record])
  assert.deepEqual(messagesIn(file.subarray(10), false), [record])
  assert.deepEqual(messagesIn(Buffer.alloc(0), true), [])
  const many = Buffer.from(Array.from({ length: 50 }, (_, line) => `${line}\n`).join(''))
  assert.deepEqual(
    messagesIn(many, true).map(({ text: line }) => line),
    Array.from({ length: 20 }, (_, line) => `${30 + line}`),
  )
})

test('something costly is done again when the time that it took is a small share of what has passed', () => {
  const seldom = new Seldom<number>(0.01)
  let done = 0
  const compute = (): number => {
    for (const from = process.cpuUsage().user; process.cpuUsage().user - from < 5000; );
    return ++done
  }
  assert.deepEqual([seldom.get(0, compute), seldom.get(400, compute), done], [1, 1, 1])
  assert.deepEqual([seldom.get(60_000, compute), done], [2, 2])
})
