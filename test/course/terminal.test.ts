/** `tined course` in a terminal: what is typed reaches the program. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { childrenOf, statOf } from '../harness/proc.js'
import { tined } from '../harness/program.js'
import { until } from '../harness/until.js'
import { PATIENCE_MS, Run } from './run.js'

/** Runs its arguments in a terminal of their own; what comes on standard input is typed there. */
const under = ['sh', '-c', 'exec script -qfec "exec $*" /dev/null', 'sh']
const skip = spawnSync('script', ['--version']).status === 0 ? false : 'script(1) is not installed'

const CTRL_C = '\x03'
const CTRL_D = '\x04'

const LINES = 30
const sized = ['sh', '-c', `exec script -qfec "stty rows ${LINES} cols 100; exec $*" /dev/null`, 'sh']

async function inTerminal(
  args: readonly string[],
  test: (run: Run) => Promise<void>,
  { end = 'status 0', under: shell = under } = {},
): Promise<void> {
  const run = new Run({ ...tined('course', ...args), env: { LC_ALL: 'C' }, under: shell })
  try {
    await test(run)
    assert.equal(await run.end(), end, run.stdout)
  } finally {
    run.cleanUp()
  }
}

test('Ctrl-C goes to the handler of signal, and does not end it', { skip }, async () => {
  await inTerminal(['signal', '30'], async (run) => {
    for (let turn = 1; turn <= 3; turn++) {
      await run.printed(`wait ${turn}…`)
      const [program = 0] = childrenOf(run.pid)
      await until('it sleeps', () => statOf(program)?.state === 'S', PATIENCE_MS)
      run.type(CTRL_C)
    }
    await until('three times pressed', () => run.stdout.split('Ctrl-C pressed').length - 1 === 3, PATIENCE_MS)
  })
})

test('a line and Ctrl-D go to the standard input of select', { skip }, async () => {
  await inTerminal(['select', '30'], async (run) => {
    const [program = 0] = await run.children(1)
    await until('it waits', () => statOf(program)?.state === 'S' && run.stdout.includes('fresh copy'), PATIENCE_MS)
    run.type('hello\n')
    await run.printed('you wrote: hello')
    run.type(CTRL_D)
    await run.printed('end of input')
  })
})

test('--watch draws its processes at the bottom, a zombie in red, and gives the lines back', { skip }, async () => {
  const aboveOnly = `\x1b[1;${LINES - 9}r`
  const all = '\x1b[r'
  const watching = async (run: Run): Promise<void> => {
    const zombie = /\[31m(\d+) +(\d+) +zombie/
    const [, , parent] = await until('a zombie', () => zombie.exec(run.stdout), PATIENCE_MS)
    assert.ok(run.stdout.includes(aboveOnly), run.stdout)
    assert.match(run.stdout, new RegExp(`${parent} +\\d+ +sleeping +sleep\\(30\\) +0-2 terminal`))
    assert.ok(!run.stdout.includes(all))
    run.type(CTRL_C)
    await until('all lines', () => run.stdout.includes(all), PATIENCE_MS)
  }
  await inTerminal(['zombie', '30', '--watch'], watching, { end: 'status 130', under: sized })
})
