/** What a batch is on its way to a database. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { rowAt, rowLayout } from '../../../src/store/sqlite/row-layout.js'
import { Batch } from '../../../src/store/writer/batch.js'

const head = { time: '2026-01-01T00:00:00.000Z', connection: 'ab12cd34-1', peer: 'unix:/run/ä' }
const messages = ['', 'one', '\n\n', '\0\xff', 'x'.repeat(100_000)].map((text) => Buffer.from(text, 'latin1'))

test('rows come back as they were laid out, one after the other', () => {
  const target = new GrowingBuffer(16)
  for (const [index, message] of messages.entries())
    rowLayout.add(
      target,
      { ...head, seq: 2 ** 40 + index, n: index + 1 },
      message,
      index % 2 === 0 ? '{"a":"ä"}' : undefined,
    )
  const bytes = target.bytes.subarray(0, target.length)
  let at = 0
  for (const [index, message] of messages.entries()) {
    const seq = 2 ** 40 + index
    const row = rowAt(bytes, at)
    const fields = index % 2 === 0 ? '{"a":"ä"}' : undefined
    assert.deepEqual(row, { ...head, seq, n: index + 1, message, fields, end: row.end })
    const line = bytes.subarray(at, row.end - 1)
    assert.deepEqual(rowLayout.decode?.(line), {
      ...head,
      seq,
      n: index + 1,
      message,
      ...(fields && { fields: { a: 'ä' } }),
    })
    assert.deepEqual(
      [rowLayout.isWhole(line), rowLayout.isWhole(line.subarray(1)), rowLayout.seqOf(line)],
      [true, false, seq],
    )
    at = row.end
  }
  assert.equal(at, bytes.length)
})

test('a batch gives back what its senders were told of, and may not be stored', () => {
  const batch = new Batch(rowLayout, 0)
  const sender = { connection: 1, pid: 1, name: 'r-1', peer: 'p' }
  for (const [index, message] of messages.entries())
    batch.add(sender, index + 1, message, { fields: '{"b":1}', wanted: 1 })
  for (let index = 0; index < messages.length; index++) batch.tell(index)
  assert.deepEqual(
    batch.owed().map(({ message, fields }) => [message, fields]),
    messages.map((message) => [message, '{"b":1}']),
  )
})
