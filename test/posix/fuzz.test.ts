import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as api from '../../src/posix/index.js'
import { EXCLUDED } from '../harness/fuzz.js'

const program = fileURLToPath(new URL('../fixtures/fuzz-posix.js', import.meta.url))
/** The same each time, so that a red suite is red again; others by hand. */
const seed = Number(process.env['TINED_FUZZ_SEED'] ?? 4711)
const seconds = Number(process.env['TINED_FUZZ_SECONDS'] ?? 5)

test('no call crashes or hangs, whatever its arguments are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tined-fuzz-'))
  const trace = join(folder, 'trace')
  try {
    console.log(`seed ${seed}, ${seconds} s`)
    const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env
    const run = spawnSync(process.execPath, [program, String(seed), String(seconds), trace], {
      // what it makes of random paths goes with the folder
      cwd: folder,
      encoding: 'utf8',
      env,
      killSignal: 'SIGKILL',
      timeout: seconds * 1000 + 20_000,
    })
    const last = readFileSync(trace, 'utf8').trim()
    assert.deepEqual([run.status, run.signal, run.stderr], [0, null, ''], `seed ${seed}, the last call: ${last}`)
    const { calls, functions, wrong } = JSON.parse(run.stdout)
    assert.deepEqual(wrong, [], `seed ${seed}`)
    assert.ok(calls > functions * 20, `only ${calls} calls of ${functions} functions`)
    console.log(`${calls} calls of ${functions} functions`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what is left out is exported, and ends the process, forks or waits', () => {
  for (const [name, reason] of Object.entries(EXCLUDED)) {
    assert.equal(typeof (api as Record<string, unknown>)[name], 'function', name)
    assert.match(reason, /ends? |waits|process/)
  }
})
