import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

test('docs/options.md and the doc comments say what the tables of options say (npm run docs:options)', () => {
  const script = fileURLToPath(new URL('../../../scripts/options-docs.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'])
  assert.equal(status, 0, stderr.toString())
})
