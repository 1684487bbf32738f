/** Every probe, in a forked child of a fresh process and of one that has used Node before. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Expectation } from './probe.js'
import { runProgram } from './run-program.js'
import { probesOf, topics } from './topics.js'

const DEADLINE_MS = 20_000

/** The fallback way can be probed too: `TINED_FORK_WAY=flags`. */
const nodeFlags = process.env['TINED_FORK_WAY'] === 'flags' ? ['--single-threaded', '--v8-pool-size=1'] : []

const contains = (output: string, expected: RegExp | string): boolean =>
  typeof expected === 'string' ? output.includes(expected) : expected.test(output)

function assertEnding(expected: Expectation, stdout: string, stderr: string): void {
  const { core: _core, ...ending } = JSON.parse(stdout.slice(stdout.trimEnd().lastIndexOf('\n') + 1))
  const { code = 0, signal } = expected
  assert.deepEqual(ending, signal === undefined ? { type: 'exited', code } : { type: 'signaled', signal }, stderr)
  assertOutput('stdout', stdout, expected.stdout)
  assertOutput('stderr', stderr, expected.stderr)
}

function assertOutput(name: string, output: string, expected: RegExp | string | undefined): void {
  if (expected === undefined || contains(output, expected)) return
  assert.fail(`${name} lacks ${String(expected).slice(0, 100)}:\n${output.slice(0, 2000)}`)
}

for (const topic of topics) {
  const probes = await probesOf(topic)
  describe(topic, { concurrency: 2 }, () => {
    for (const { name, expect = {}, skip } of probes) {
      for (const mode of ['cold', 'warm']) {
        test(`${name} (${mode})`, { skip: skip?.() ?? false }, async () => {
          const args = [`${topic}: ${name}`, ...(mode === 'warm' ? ['--warm'] : [])]
          const ended = await runProgram('run-probe.js', args, DEADLINE_MS, { nodeFlags })
          assert.equal(ended.timedOut, false, `no end within ${DEADLINE_MS} ms\n${ended.stderr}`)
          assert.deepEqual([ended.code, ended.signal], [0, null], ended.stderr)
          assertEnding(expect, ended.stdout, ended.stderr)
          assert.deepEqual(ended.leftover, [], 'processes of the group were left behind')
        })
      }
    }
  })
}
