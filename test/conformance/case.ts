/** Conformance cases: each is named after a sentence of POSIX or a manual page, and runs in a forked process of its own. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** `page(section): what it says` and what shows it. Throws when it does not hold. */
export type Cases = Readonly<Record<string, () => void>>

export interface Result {
  name: string
  /** What was thrown, how it died, what it left behind; absent when the case holds. */
  error?: string
}

const LIMIT_MS = 60_000

/** Runs all cases of test/conformance/cases/TOPIC in one program, and makes a test of each. */
export function conform(topic: string, cases: Cases): void {
  const program = fileURLToPath(new URL('./run-cases.js', import.meta.url))
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env
  const run = spawnSync(process.execPath, [program, topic], { encoding: 'utf8', env, timeout: LIMIT_MS })
  const results = new Map(
    run.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Result)
      .map((result) => [result.name, result]),
  )
  for (const name of Object.keys(cases))
    test(name, () => {
      const result = results.get(name)
      assert.ok(result, `no result; the program ended with ${run.status ?? run.signal}: ${run.stderr}`)
      assert.equal(result.error, undefined)
    })
  test(`${topic}: the program itself ends well, with nothing left behind`, () => {
    assert.equal(run.stderr, '')
    assert.equal(run.status, 0)
  })
}
