/** The pool and the loop of a process that wakes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, runToEnd } from '../harness/program.js'

test('requests of the pool that end while the loop is made anew are told, and abort nothing', async () => {
  const { file } = fixture('pool-is-silent.js')
  const { stdout, stderr, code, signal } = await runToEnd({ file, args: [] })
  assert.deepEqual({ stdout, code, signal }, { stdout: '4\n', code: 0, signal: null }, stderr)
})
