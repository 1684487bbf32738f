/** Framing `line`, in chunks of any size. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { line } from '../../../src/store/framing/line.js'

function cut(bytes: Buffer, size: number, maxBytes = 100): { messages: string[]; refused: string | undefined } {
  const messages: string[] = []
  const deliver = (message: Buffer): void => void messages.push(message.toString('latin1'))
  const cutter = line.cutter(maxBytes)
  let refused: string | undefined
  for (let at = 0; at < bytes.length && refused === undefined; at += size)
    refused = cutter.take(bytes.subarray(at, at + size), deliver)
  return { messages, refused: refused ?? cutter.finish(deliver) }
}

test('lines come out as they went in, and what is after the last newline', () => {
  const lines = ['one', '', 'with return\r', 'x'.repeat(100), 'the last']
  for (const size of [1, 7, 1000])
    assert.deepEqual(cut(Buffer.from(lines.join('\n')), size), { messages: lines, refused: undefined })
  assert.deepEqual(cut(Buffer.from('one\n'), 2).messages, ['one'])
})

test('a line that is too long ends it, after those before it', () => {
  const bytes = Buffer.from(`one\ntwo\n${'x'.repeat(101)}\nthree\n`)
  for (const size of [1, 7, 1000])
    assert.deepEqual(cut(bytes, size), { messages: ['one', 'two'], refused: 'message longer than 100 bytes' })
})

test('what is partial is told, and an answer gets its newline', () => {
  const cutter = line.cutter(100)
  assert.equal(cutter.partial, false)
  cutter.take(Buffer.from('one\ntw'), () => {})
  assert.equal(cutter.partial, true)
  cutter.take(Buffer.from('o\n'), () => {})
  assert.equal(cutter.partial, false)
  assert.equal(line.frame(Buffer.from('done')).toString(), 'done\n')
})
