/** Which of the program's code can lie in huge pages, from the maps of each Node as they were seen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runsOfText } from '../../src/speed/text-runs.js'

const NODE = '/opt/node'
/** The text of the binary: from within a huge page to within another one. */
const TEXT = `00746000-00749000 r-xp 00345000 fe:00 7 ${NODE}\n0074a000-03044000 r-xp 00349000 fe:00 7 ${NODE}`
const OF_TEXT = { start: 0x800000n, length: 0x2800000n, text: { start: 0x800000n, end: 0x3000000n } }

const runsAfterText = (maps: string): readonly string[] => {
  const [first, ...rest] = runsOfText(`${TEXT}\n${maps}\n`, NODE)
  assert.deepEqual(first, OF_TEXT)
  return rest.map(({ start, length, text }) =>
    [start, start + length, text.start, text.end].map((address) => address.toString(16)).join(' '),
  )
}

test('nothing of a program that has no whole huge page of code', () => {
  assert.deepEqual(runsOfText(`00746000-00749000 r-xp 00345000 fe:00 7 ${NODE}`, NODE), [])
  assert.deepEqual(runsOfText(TEXT, '/opt/other'), [])
})

test('built-in functions that end in memory of V8 in which no page of its fits (Node 24 and 26)', () => {
  const maps = `7f07fc000000-7f081bdc0000 rwxp 00000000 00:00 0
7f081bdc0000-7f081bfc5000 r-xp 01627000 fe:00 7 ${NODE}
7f081bfc5000-7f081c000000 rwxp 00000000 00:00 0
7f081c000000-7f0824000000 ---p 00000000 00:00 0`
  assert.deepEqual(runsAfterText(maps), ['7f081be00000 7f081c000000 7f081be00000 7f081bfc5000'])
})

test('built-in functions that end in memory that is reserved, or that nobody has (Node 20 and 22)', () => {
  const maps = `7f5da77ff000-7f5dc75c0000 ---p 00000000 00:00 0
7f5dc75c0000-7f5dc77a0000 r-xp 01952000 fe:00 7 ${NODE}
7f5dc77a0000-7f5dc77c0000 ---p 00000000 00:00 0
7f5dc77ff000-7f5dc7800000 ---p 00000000 00:00 0`
  assert.deepEqual(runsAfterText(maps), ['7f5dc7600000 7f5dc7800000 7f5dc7600000 7f5dc77a0000'])
})

test('not where a stack, or memory that V8 may take, lies in the same huge page', () => {
  const stack = `7f2d26600000-7f2d26792000 r-xp 014c4000 fe:00 7 ${NODE}
7f2d267fd000-7f2d267fe000 ---p 00000000 00:00 0
7f2d267fe000-7f2d26ffe000 rw-p 00000000 00:00 0`
  assert.deepEqual(runsAfterText(stack), [])
  const roomy = `7f081be00000-7f081bfb0000 r-xp 01627000 fe:00 7 ${NODE}
7f081bfb0000-7f081c000000 rwxp 00000000 00:00 0`
  assert.deepEqual(runsAfterText(roomy), [])
})

test('not for the sake of a little code', () => {
  assert.deepEqual(runsAfterText(`7f081bdc0000-7f081be05000 r-xp 01627000 fe:00 7 ${NODE}`), [])
})
