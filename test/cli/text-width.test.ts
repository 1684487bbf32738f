/** Columns of a terminal: of Korean, of emoji that are several characters, of accents, and of what a terminal must not see. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aligned } from '../../src/cli/ps/columns.js'
import { cutEnd, cutMiddle, padded, paddedLeft, widthOf } from '../../src/cli/text-width.js'
import { printable } from '../../src/libc/printable.js'

const FAMILY = '👨‍👩‍👧'
const ACCENTED = 'e\u0301'
/** One syllable, in three letters. */
const DECOMPOSED = '\u1100\u1161\u11a8'

const widths: [text: string, columns: number][] = [
  ['127.0.0.1:9190', 14],
  ['한글', 4],
  [DECOMPOSED, 2],
  ['漢字', 4],
  [FAMILY, 2],
  ['🇰🇷', 2],
  [ACCENTED, 1],
  ['─…', 2],
  [printable('\x85'), 4],
  [printable('\x1b[2J'), 7],
  [printable('\u202e'), 8],
]
for (const [text, columns] of widths)
  test(`${JSON.stringify(text)} takes ${columns} columns`, () => assert.equal(widthOf(text), columns))

test('what is padded ends at the same column, whatever it is of', () => {
  for (const [text] of widths) {
    assert.equal(widthOf(padded(text, 20)), 20)
    assert.equal(widthOf(paddedLeft(text, 20)), 20)
  }
  assert.equal(padded('한글', 3), '한글')
})

const cuts: [got: string, expected: string][] = [
  [cutEnd('abcdef', 6), 'abcdef'],
  [cutEnd('abcdefg', 6), 'abcde…'],
  [cutEnd('한국어', 6), '한국어'],
  [cutEnd('한국어로', 6), '한국…'],
  [cutEnd(`ab${FAMILY}cd`, 5), `ab${FAMILY}…`],
  [cutEnd(`ab${FAMILY}cd`, 4), 'ab…'],
  [cutEnd(`a${ACCENTED}bcd`, 3), `a${ACCENTED}…`],
  [cutMiddle('abcdefghij', 10), 'abcdefghij'],
  [cutMiddle('abcdefghij', 7), 'abcd…ij'],
  [cutMiddle('abcdefghij', 2), 'a…'],
  [cutMiddle('가나다라마바사', 8), '가나…사'],
  [cutMiddle(`${FAMILY}bcdefgh${FAMILY}`, 8), `${FAMILY}bcd…${FAMILY}`],
]
for (const [got, expected] of cuts) test(`cut: ${expected}`, () => assert.equal(got, expected))

test('rows of a table are aligned, and its widest column is cut', () => {
  const rows = [
    ['한글', 'x'.repeat(200), '1'],
    [FAMILY, '글'.repeat(100), '22'],
    ['plain', ACCENTED.repeat(150), '333'],
  ]
  const lines = aligned([{ title: 'NAME' }, { title: 'WHAT' }, { title: 'N', right: true }], rows, 1)
  for (const line of lines) assert.equal(widthOf(line), 100, line)
})
