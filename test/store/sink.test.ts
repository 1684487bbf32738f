/** `--to`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSink } from '../../src/store/sink.js'

test('a file is records, text: is bare lines', () => {
  assert.deepEqual(parseSink('to', 'm.ndjson'), { format: 'ndjson', path: 'm.ndjson' })
  assert.deepEqual(parseSink('to', '/var/lib/a b'), { format: 'ndjson', path: '/var/lib/a b' })
  assert.deepEqual(parseSink('to', './a:b'), { format: 'ndjson', path: './a:b' })
  assert.deepEqual(parseSink('to', 'text:m.txt'), { format: 'text', path: 'm.txt' })
  assert.deepEqual(parseSink('to', 'text:a:b'), { format: 'text', path: 'a:b' })
})

test('anything else is refused, naming what came', () => {
  for (const sink of ['', 'text:', 'sqlite:x', 'nats://h:1/s', 'TEXT:x', 5, undefined])
    assert.throws(() => parseSink('to', sink), { name: 'TypeError', message: /^to: expected FILE or text:FILE, got / })
})
