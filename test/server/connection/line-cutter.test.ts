import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineCutter } from '../../../src/server/connection/line-cutter.js'

function cut(chunks: readonly Buffer[], maxBytes = 1000): { lines: string[]; cutter: LineCutter } {
  const cutter = new LineCutter(maxBytes, Buffer.alloc(8))
  const lines: string[] = []
  const take = (): void => {
    for (let line = cutter.take(); line !== undefined; line = cutter.take()) lines.push(line.toString('latin1'))
  }
  for (const chunk of chunks) {
    cutter.append(chunk)
    take()
  }
  cutter.finish()
  take()
  return { lines, cutter }
}

test('lines come out as they went in, in chunks of any size', () => {
  const lines = [...Array(40).keys()].map((length) => `${'x'.repeat(length)}\n`)
  const bytes = Buffer.from(`${lines.join('')}the last`)
  for (const size of [1, 2, 7, 100, 10_000]) {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
    assert.deepEqual(cut(chunks).lines, [...lines, 'the last'], `chunks of ${size}`)
  }
})

test('a line that is too long is refused, and those before it are not', () => {
  for (const end of ['\n', '']) {
    const { lines, cutter } = cut([Buffer.from(`12345\n123456${end}`), Buffer.from('7\n')], 5)
    assert.deepEqual(lines, ['12345\n'])
    assert.equal(cutter.refused, true)
  }
})

test('what is held can be taken as it is', () => {
  const cutter = new LineCutter(100, Buffer.alloc(8))
  cutter.append(Buffer.from('one\ntwo\nthr'))
  assert.equal(cutter.take()?.toString(), 'one\n')
  assert.equal(cutter.partial, true)
  assert.equal(cutter.takeRest().toString(), 'two\nthr')
  assert.equal(cutter.takeRest().length, 0)
})
