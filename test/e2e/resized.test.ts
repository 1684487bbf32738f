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
const once = (lines: readonly string[], wanted: RegExp): boolean =>
  lines.filter((line) => wanted.test(line)).length === 1

/** Until what is on it is as it is to be: a terminal tells of its new size a moment after it has it. */
async function shows(terminal: Terminal, isRight: (lines: string[]) => boolean): Promise<void> {
  await until('a table drawn anew', () => isRight(terminal.lines()), PATIENCE_MS).catch(() =>
    assert.fail(terminal.lines().join('\n')),
  )
}

test('course --watch: the table is at the bottom, once, and nothing of the program is lost', { skip: noTmux }, () =>
  inTerminal(['course', 'zombie', '60', '--watch', '--lang', 'en'], async (terminal) => {
    const said = [/^parent: my child is/, /^child: I end now$/, /^The usual mistake: /, /^─/, / zombie$/]
    await shows(terminal, (lines) => said.every((each) => once(lines, each)))
    for (const [columns, rows] of SIZES) {
      terminal.resize(columns, rows)
      await shows(terminal, (lines) => lines[rows - 9] === rule(columns) && said.every((each) => once(lines, each)))
    }
  }),
)

test('ps --watch: the table begins at the top, once, and what has no room is counted', { skip: noTmux }, () =>
  // seldom: what is there after a change of the size is there because of that
  inTerminal(['ps', `${process.pid}`, '--watch', '600', '--fds'], async (terminal) => {
    const head = /^\S+, \d+: \d+ descriptors$/
    await shows(terminal, ([first = '']) => head.test(first))
    for (const [columns, rows] of [[100, 10], ...SIZES] as const) {
      terminal.resize(columns, rows)
      await shows(terminal, (lines) => {
        const counted = lines.findIndex((line) => line.startsWith('… '))
        const heads = lines.filter((line) => line === lines[0]).length
        return head.test(lines[0] ?? '') && heads === 1 && counted === (rows > 20 ? -1 : rows - 1)
      })
    }
  }),
)
