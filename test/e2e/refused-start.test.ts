/** A server that cannot start for want of descriptors leaves its program as it was. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, runToEnd } from '../harness/program.js'

for (const free of [0, 1, 2])
  test(`serve() with ${free} free descriptors beside the listener’s: threads, signals and children are as before`, async () => {
    const { stdout, stderr, code } = await runToEnd(
      { file: fixture('refused-start.js').file, args: [String(free)] },
      20_000,
    )
    assert.equal(code, 0, stderr)
    const { refusal, before, after } = JSON.parse(stdout)
    assert.match(refusal, /EMFILE/)
    assert.deepEqual(after, before)
  })
