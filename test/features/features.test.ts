/** Every probe, in a forked child of a fresh process, and of one that has used Node, and forked, before. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Expectation, Probe } from './probe.js'
import { type Ending, endingIn, runBatch } from './run-batch.js'
import { runProgram } from './run-program.js'
import { probesOf, topics } from './topics.js'

const DEADLINE_MS = 20_000

/** The fallback way can be probed too: `TINED_FORK_WAY=flags`. */
const nodeFlags = process.env['TINED_FORK_WAY'] === 'flags' ? ['--single-threaded', '--v8-pool-size=1'] : []

const contains = (output: string, expected: RegExp | string): boolean =>
  typeof expected === 'string' ? output.includes(expected) : expected.test(output)

function assertEnding(expected: Expectation, { ending, stdout, stderr, leftover }: Ending): void {
  const { code = 0, signal } = expected
  assert.deepEqual(ending, signal === undefined ? { type: 'exited', code } : { type: 'signaled', signal }, stderr)
  assertOutput('stdout', stdout, expected.stdout)
  assertOutput('stderr', stderr, expected.stderr)
  assert.deepEqual(leftover, [], 'processes of the group were left behind')
}

function assertOutput(name: string, output: string, expected: RegExp | string | undefined): void {
  if (expected === undefined || contains(output, expected)) return
  assert.fail(`${name} lacks ${String(expected).slice(0, 100)}:\n${output.slice(0, 2000)}`)
}

for (const topic of topics) {
  const probes = await probesOf(topic)
  const skipOf = ({ skip }: Probe): string | false => skip?.() ?? false
  const fullName = ({ name }: Probe): string => `${topic}: ${name}`
  let warmed: Promise<(name: string) => Ending> | undefined
  const runWarm = (): Promise<(name: string) => Ending> => {
    const possible = probes.filter((probe) => skipOf(probe) === false)
    return runBatch(possible.map(fullName), ['--warm'], possible.length * DEADLINE_MS, { nodeFlags })
  }
  describe(topic, { concurrency: 2 }, () => {
    for (const probe of probes)
      test(`${probe.name} (cold)`, { skip: skipOf(probe) }, async () => {
        const ended = await runProgram('run-probe.js', [fullName(probe)], DEADLINE_MS, { nodeFlags })
        assert.equal(ended.timedOut, false, `no end within ${DEADLINE_MS} ms\n${ended.stderr}`)
        assert.deepEqual([ended.code, ended.signal], [0, null], ended.stderr)
        assert.deepEqual(ended.leftover, [], 'processes of the group were left behind')
        assertEnding(probe.expect ?? {}, endingIn(ended.stdout, ended.stderr))
      })
    // to get warm takes much longer than a probe: one parent does it for all
    for (const probe of probes)
      test(`${probe.name} (warm)`, { skip: skipOf(probe) }, async () => {
        warmed ??= runWarm()
        assertEnding(probe.expect ?? {}, (await warmed)(fullName(probe)))
      })
  })
}
