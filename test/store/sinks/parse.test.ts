/** `--to`. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sinks } from '../../../src/store/sinks/index.js'
import { parseSink as parse } from '../../../src/store/sinks/parse.js'

const parseSink = (name: string, sink: unknown) => {
  const { scheme, place } = parse(name, sink)
  return { scheme, place }
}

test('a file is records, text: is bare lines', () => {
  assert.deepEqual(parseSink('to', 'm.ndjson'), { scheme: 'ndjson', place: 'm.ndjson' })
  assert.deepEqual(parseSink('to', '/var/lib/a b'), { scheme: 'ndjson', place: '/var/lib/a b' })
  assert.deepEqual(parseSink('to', './a:b'), { scheme: 'ndjson', place: './a:b' })
  assert.deepEqual(parseSink('to', 'text:m.txt'), { scheme: 'text', place: 'm.txt' })
  assert.deepEqual(parseSink('to', 'sqlite:m.db'), { scheme: 'sqlite', place: 'm.db' })
  assert.deepEqual(parseSink('to', 'text:a:b'), { scheme: 'text', place: 'a:b' })
})

test('anything else is refused, naming what came', () => {
  for (const sink of ['', 'text:', 'sqlite:', 'kafka://h:1/s', 'TEXT:x', 5, undefined])
    assert.throws(() => parseSink('to', sink), {
      name: 'TypeError',
      message:
        /^to: expected FILE, text:FILE, sqlite:FILE, nats:\/\/HOST:PORT\/STREAM or tls:\/\/HOST:PORT\/STREAM, got /,
    })
})

test('docs/store.md says what each sink promises', () => {
  const page = readFileSync(new URL('../../../../docs/store.md', import.meta.url), 'utf8')
  for (const { form, promise } of Object.values(sinks)) assert.ok(page.includes(`| \`${form}\` | ${promise} |\n`), form)
})
