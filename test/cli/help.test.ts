/** `--help` says of each option what its table says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { addOptions } from '../../src/cli/typed-options.js'
import { variables } from '../../src/cli/variables.js'
import { type OptionTable, variableOf } from '../../src/server/options/option.js'
import { serverOptions } from '../../src/server/options/table.js'
import { storeOptions } from '../../src/services/store-options.js'

const tables: Record<string, OptionTable> = { server: serverOptions, store: storeOptions }
const FOR_PROGRAMS_ONLY = [
  'noDelay',
  'signals',
  'onEnd',
  'rehearsal',
  'tls',
  'signal',
  'onConnectionEnd',
  'maxBatchMessages',
  'accept',
  'transform',
  'fields',
]

for (const [title, table] of Object.entries(tables)) {
  const help = addOptions(new Command(), table).configureHelp({ helpWidth: 1000 }).helpInformation().split('\n')
  for (const [
    name,
    { flag, help: text, type, variable, default: fallback, commandDefault = fallback },
  ] of Object.entries(table))
    test(`${title} option ${name} in --help`, () => {
      assert.equal(flag === undefined, FOR_PROGRAMS_ONLY.includes(name), 'a flag, unless it is for programs only')
      if (flag === undefined) return
      const line = help.find((candidate) => candidate.startsWith(`  ${flag}  `)) ?? assert.fail(`no line for ${flag}`)
      assert.ok(line.includes(`  ${text}`), line)
      assert.equal(line.includes(`env: ${variableOf(flag)})`), variable !== false, line)
      assert.equal(variables.includes(variableOf(flag)), variable !== false)
      for (const choice of type.choices ?? []) assert.ok(line.includes(JSON.stringify(choice)), line)
      if (commandDefault === undefined || commandDefault === false) assert.ok(!line.includes('default:'), line)
      else assert.ok(line.includes(`default: ${JSON.stringify(type.show(commandDefault))}`), line)
    })
}

test('flags become the usual variables', () => {
  assert.equal(variableOf('--listen <address...>'), 'TINED_LISTEN')
  assert.equal(variableOf('--first-byte-timeout <time>'), 'TINED_FIRST_BYTE_TIMEOUT')
  assert.equal(variableOf('--reuse-port'), 'TINED_REUSE_PORT')
})
