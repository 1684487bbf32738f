import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fixture, runToEnd } from '../harness/program.js'

test('lines that could not be written are counted, and it is said once they can be', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tined-log-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log')
  const { code } = await runToEnd({ file: fixture('log-lost.js').file, args: [path] })
  assert.equal(code, 0)
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).msg),
    ['3 lines of the log could not be written', 'taken', 'taken again'],
  )
})
