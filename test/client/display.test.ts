/** What becomes of received bytes on their way to standard output. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Display, display, type Format } from '../../src/client/display.js'

/** Feeds pieces; returns what was written after each, and at the end. */
function shown(format: Format, pieces: readonly (string | Buffer)[]): string[] {
  const written: string[] = []
  const show: Display = display(format, (bytes) => written.push(Buffer.from(bytes).toString('latin1')))
  for (const piece of pieces) {
    const reused = Buffer.from(piece)
    show.take(reused)
    reused.fill('!')
  }
  show.end()
  return written
}

test('raw bytes are written as they come', () => {
  assert.deepEqual(shown('raw', ['a\nb', 'c']), ['a\nb', 'c'])
})

test('whole lines are written once their end has come, and the last piece at the end', () => {
  assert.deepEqual(shown('lines', ['one\ntw', 'o', '\nthree\nfo', 'ur']), ['one\n', 'two', '\nthree\n', 'four'])
  assert.deepEqual(shown('lines', ['one\n']), ['one\n'])
  assert.deepEqual(shown('lines', []), [])
})

test('a line that never ends is not kept back for ever', () => {
  const written = shown('lines', Array<string>(17).fill('x'.repeat(64 * 1024)))
  assert.deepEqual(
    written.map(({ length }) => length),
    [1024 * 1024, 64 * 1024],
  )
})

test('a hex dump has offset, bytes and text; each piece begins a row of its own', () => {
  assert.deepEqual(shown('hex', ['hello\n', Buffer.from([0, 0x7f, 0xff])]), [
    '00000000  68 65 6c 6c 6f 0a                                 |hello.|\n',
    '00000006  00 7f ff                                          |...|\n',
  ])
})

test('a hex row has sixteen bytes', () => {
  assert.deepEqual(shown('hex', ['0123456789abcdefg']), [
    '00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n' +
      '00000010  67                                                |g|\n',
  ])
})
