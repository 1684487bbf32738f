/** The table: quantities, widths, and what is left out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aligned } from '../../../src/cli/ps/columns.js'
import { lastEnds } from '../../../src/cli/ps/last-ends.js'
import { select } from '../../../src/cli/ps/selection.js'
import { tableOf } from '../../../src/cli/ps/table.js'
import { cpuTime, size, time } from '../../../src/cli/ps/words.js'
import { process, view } from '../../observe/findings.js'

const quantities: [got: string, expected: string][] = [
  [size(0), '0'],
  [size(999), '999'],
  [size(1000), '1.0K'],
  [size(10_240), '10K'],
  [size(1024 ** 2 - 1), '1.0M'],
  [size(63 * 1024 ** 2), '63M'],
  [time(0), '0.0s'],
  [time(9960), '10s'],
  [time(59_700), '1m'],
  [time(3_600_000), '1h'],
  [time(50 * 3_600_000), '2d'],
  [cpuTime(1234), '1.23s'],
]
for (const [got, expected] of quantities) test(`quantity ${expected}`, () => assert.equal(got, expected))

test('numbers to the right, and the column that yields is cut to 100 columns', () => {
  const columns = [{ title: 'A' }, { title: 'N', right: true as const }]
  assert.deepEqual(
    aligned(
      columns,
      [
        ['x', '7'],
        ['yy', '10'],
      ],
      0,
    ),
    ['A   N', 'x   7', 'yy 10'],
  )
  const [, line] = aligned(columns, [['y'.repeat(300), '10']], 0)
  assert.equal([...(line ?? '')].length, 100)
})

const connections = Array.from({ length: 50 }, (_, index) =>
  process(100 + index, 'connection', {
    id: index + 1,
    client: '127.0.0.1:5',
    bytesRead: 1000,
    anonymousBytes: index,
    onBoard: true,
  }),
)
const tree = view([
  process(1, 'launcher', { parent: 0, depth: 0 }),
  process(2, 'supervisor', { parent: 1 }),
  ...connections,
])

test('of more than forty connections the rest is one line with sums', () => {
  const selection = select(tree.processes, 'pid', false)
  assert.deepEqual([selection.shown.length, selection.rest.length], [42, 10])
  const lines = tableOf(tree, selection, [], false)
  assert.ok(
    lines.some((line) => line.startsWith('  and 10 more (--all): 9.8K in, 0 out, 0 messages, 0.00s CPU')),
    lines.join('\n'),
  )
  assert.equal(select(tree.processes, 'pid', true).rest.length, 0)
})

test('sorted by memory the largest come first', () => {
  const { shown } = select(tree.processes, 'memory', false)
  assert.deepEqual(
    shown.slice(0, 4).map(({ pid }) => pid),
    [1, 2, 149, 148],
  )
})

test('what a process or a client has chosen to be called moves no cursor', () => {
  const processes = [process(1, 'process', { parent: 0, name: 'a\x1b[2J', title: 'b\nc' })]
  const text = tableOf(view(processes, { supervisor: undefined }), select(processes, 'pid', false), [], false).join(
    '\n',
  )
  assert.ok(text.includes('a\\x1b[2J') && text.includes('b\\nc'), text)
})

test('ends: those that went wrong, and how many did not', () => {
  const end = { pid: 3, role: 'connection', id: 7, status: 9, startedMs: 1000, endedMs: 4000 } as const
  assert.deepEqual(lastEnds([end, { ...end, status: 0 }], false, 5000), [
    'last ends:',
    '  connection #7, 3: killed by SIGKILL, 1.0s ago, after 3.0s',
    '  and 1 process that ended as they should',
  ])
  assert.equal(lastEnds([end, { ...end, status: 0 }], true, 5000).length, 3)
  assert.deepEqual(lastEnds([], false, 0), [])
})
