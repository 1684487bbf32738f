/** What `tined ps --watch` writes to a terminal fits it, so that nothing scrolls out and comes back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repainted } from '../../../src/cli/ps/repaint.js'

const shown = (text: string, rows: number, columns: number): string[] =>
  repainted(text, rows, columns)
    .replace('\x1b[H', '')
    .replace('\x1b[J', '')
    .split('\r\n')
    .map((line) => line.replace('\x1b[K', ''))

test('what fits is shown as it is, over what was there', () => {
  assert.equal(repainted('one\ntwo\n', 2, 10), '\x1b[Hone\x1b[K\r\ntwo\x1b[K\x1b[J')
})

test('of too many lines the last are counted, and long ones are cut', () => {
  assert.deepEqual(shown('one\ntwo\nthree\nfour\n', 3, 80), ['one', 'two', '… 2 more lines: there is no room for them'])
  assert.deepEqual(shown('한글이다\n', 3, 5), ['한글…'])
})
