/** The examples of `--help` can be typed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examples } from '../../src/cli/examples.js'
import { runToEnd, tined } from '../harness/program.js'

const COMMANDS = ['echo', 'store', 'messages', 'connect', 'course', 'ps', 'page', 'doctor', 'version', 'help']

for (const [command, rows] of Object.entries(examples))
  test(`tined ${command} --help has examples, with options that it has`, async () => {
    const { stdout, code } = await runToEnd(tined(...command.split(' ').filter(Boolean), '--help'))
    assert.equal(code, 0)
    assert.match(stdout, /\nExamples:\n/)
    assert.ok(rows.length > 0)
    for (const [typed, does] of rows) {
      assert.ok(stdout.includes(typed) && stdout.includes(does), typed)
      const words = typed.replace(/^.*\btined /, '')
      const [first = '', ...flags] = words.split(' ')
      const name = words.startsWith(`${command} `) ? command : first
      assert.ok(name === 'COMMAND' || [command, ...(command === '' ? COMMANDS : [])].includes(name), typed)
      for (const flag of flags.filter((word) => word.startsWith('--')))
        assert.ok(flag === '--help' || command === '' || stdout.includes(`  ${flag} `), `${typed}: no ${flag}`)
    }
  })

test('what must be given is marked', async () => {
  const { stdout } = await runToEnd(tined('store', '--help'))
  assert.match(
    stdout.replaceAll(/\s+/g, ' '),
    /--to <sink> messages\.ndjson for records, .*; must be given \(env: TINED_TO\)/,
  )
})
