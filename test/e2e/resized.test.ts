/** Tables in a terminal that changes its size: no line of an old one stays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tined } from '../harness/program.js'
import { noTmux, Terminal } from '../harness/tmux.js'
import { until } from '../harness/until.js'

const SIZES = [
  [100, 45],
  [80, 20],
  [120, 34],
] as const
const PATIENCE_MS = 20_000

async function inTerminal(args: string[], test: (terminal: Terminal) => Promise<void>): Promise<void> {
  const { file, args: typed } = tined(...args)
  const terminal = new Terminal([process.execPath, file, ...typed], 100, 24)
  try {
    await test(terminal)
  } finally {
    terminal.close()
  }
}

const rule = (columns: number): string => '─'.repeat(columns)

test('course --watch: the table is at the bottom, once, and nothing of the program is lost', { skip: noTmux }, () =>
  inTerminal(['course', 'zombie', '60', '--watch', '--lang', 'en'], async (terminal) => {
    await until('the zombie', () => terminal.lines().some((line) => / zombie$/.test(line)), PATIENCE_MS)
    for (const [columns, rows] of SIZES) {
      terminal.resize(columns, rows)
      await until('a table as wide', () => terminal.lines().at(rows - 9) === rule(columns), PATIENCE_MS)
      const lines = terminal.lines()
      assert.equal(lines.filter((line) => line.startsWith('─')).length, 1, lines.join('\n'))
      assert.equal(lines.filter((line) => / zombie$/.test(line)).length, 1, lines.join('\n'))
      for (const said of [/^parent: my child is/, /^child: I end now$/, /^The usual mistake: /])
        assert.equal(lines.filter((line) => said.test(line)).length, 1, lines.join('\n'))
    }
  }),
)

test('ps --watch: the table begins at the top, once, and what has no room is counted', { skip: noTmux }, () =>
  // seldom: what is there after a change of the size is there because of that
  inTerminal(['ps', `${process.pid}`, '--watch', '600', '--fds'], async (terminal) => {
    const head = /^\S+, \d+: \d+ descriptors$/
    await until('the table', () => terminal.lines().some((line) => head.test(line)), PATIENCE_MS)
    for (const [columns, rows] of [[100, 10], ...SIZES] as const) {
      terminal.resize(columns, rows)
      const isDrawn = (lines: string[]): boolean =>
        head.test(lines[0] ?? '') && (rows > 20 || lines[rows - 1]?.startsWith('… ') === true)
      await until(`a table in ${rows} lines`, () => isDrawn(terminal.lines()), PATIENCE_MS)
      const lines = terminal.lines()
      assert.equal(lines.filter((line) => line === lines[0]).length, 1, lines.join('\n'))
      assert.equal(lines.filter((line) => line.startsWith('… ')).length <= 1, true, lines.join('\n'))
    }
  }),
)
