/** Forking must leave alone what a Node was told about V8: in each of these a few heavy probes run as in a plain one. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runBatch } from './run-batch.js'
import type { ProgramOptions } from './run-program.js'

const DEADLINE_MS = 20_000

const PROBES = [
  'timers: an interval fires until it is cleared',
  'engine: 500 MB pass through the heap and are collected',
  'engine: a graph of a million objects survives collections',
  'files: 64 requests at once go through the thread pool',
  'errors: an uncaught error ends with code 1 and its stack on standard error',
]

const nodes: Record<string, ProgramOptions> = {
  '--jitless': { nodeFlags: ['--jitless'] },
  'NODE_OPTIONS=--jitless': { env: { NODE_OPTIONS: '--jitless' } },
  '--no-opt': { nodeFlags: ['--no-opt'] },
  '--max-old-space-size=200': { nodeFlags: ['--max-old-space-size=200'] },
  '--v8-pool-size=0': { nodeFlags: ['--v8-pool-size=0'] },
  '--v8-pool-size=1': { nodeFlags: ['--v8-pool-size=1'] },
  '--enable-source-maps': { nodeFlags: ['--enable-source-maps'] },
  'UV_THREADPOOL_SIZE=1': { env: { UV_THREADPOOL_SIZE: '1' } },
  'UV_THREADPOOL_SIZE=32': { env: { UV_THREADPOOL_SIZE: '32' } },
}

for (const [name, options] of Object.entries(nodes)) {
  let ran: ReturnType<typeof runBatch> | undefined
  describe(`node with ${name}`, () => {
    for (const probe of PROBES) {
      test(probe, async () => {
        ran ??= runBatch(PROBES, [], PROBES.length * DEADLINE_MS, options)
        const { ending, leftover, stderr } = (await ran)(probe)
        assert.deepEqual(ending, { type: 'exited', code: probe.startsWith('errors') ? 1 : 0 }, stderr)
        assert.deepEqual(leftover, [])
      })
    }
  })
}
