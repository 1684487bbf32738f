/** Every probe, in a forked child of a fresh process and of one that has used Node before. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Expectation } from './probe.js'
import { runProgram } from './run-program.js'
import { probesOf, topics } from './topics.js'

const DEADLINE_MS = 20_000

const contains = (output: string, expected: RegExp | string): boolean =>
  typeof expected === 'string' ? output.includes(expected) : expected.test(output)

function assertEnding(expected: Expectation, stdout: string, stderr: string): void {
  const status = JSON.parse(stdout.slice(stdout.trimEnd().lastIndexOf('\n') + 1))
  const wanted =
    expected.signal === undefined
      ? { type: 'exited', code: expected.code ?? 0 }
      : { type: 'signaled', signal: expected.signal }
  const { core: _core, ...ending } = status
  assert.deepEqual(ending, wanted, stderr)
  for (const [output, pattern] of [
    [stdout, expected.stdout],
    [stderr, expected.stderr],
  ] as const)
    assert.ok(
      pattern === undefined || contains(output, pattern),
      `${String(pattern).slice(0, 100)} not in:\n${output.slice(0, 2000)}`,
    )
}

for (const topic of topics) {
  const probes = await probesOf(topic)
  describe(topic, { concurrency: 2 }, () => {
    for (const { name, expect = {}, skip } of probes) {
      for (const mode of ['cold', 'warm']) {
        test(`${name} (${mode})`, { skip: skip?.() ?? false }, async () => {
          const flags = mode === 'warm' ? ['--warm'] : []
          const ended = await runProgram('run-probe.js', [`${topic}: ${name}`, ...flags], DEADLINE_MS)
          assert.equal(ended.timedOut, false, `no end within ${DEADLINE_MS} ms\n${ended.stderr}`)
          assert.deepEqual([ended.code, ended.signal], [0, null], ended.stderr)
          assertEnding(expect, ended.stdout, ended.stderr)
          assert.deepEqual(ended.leftover, [], 'processes of the group that were left behind')
        })
      }
    }
  })
}
