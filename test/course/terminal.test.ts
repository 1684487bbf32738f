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

async function inTerminal(args: readonly string[], test: (run: Run) => Promise<void>): Promise<void> {
  const run = new Run({ ...tined('course', ...args), under })
  try {
    await test(run)
    assert.equal(await run.end(), 'status 0', run.stdout)
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
