/** Runs both versions of a program and asserts that the same can be seen of both. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ProgramName } from '../../src/cli/course/programs.js'
import { Run } from './run.js'
import { versions } from './versions.js'

export interface Scenario {
  program: ProgramName
  args?: readonly string[]
  /** What cannot be seen of the output, and how it ends: `status 0`, `SIGTERM`. */
  expected: { output: readonly string[]; end: string } & Record<string, unknown>
  /** The order of the lines is left to the kernel, where two processes write. */
  unordered?: true
  /** Looks at it while it runs, types, connects. What it returns is compared as well. */
  observe?(run: Run): Promise<Record<string, unknown>>
}

async function see({ observe, unordered }: Scenario, run: Run): Promise<Record<string, unknown>> {
  try {
    const seen = (await observe?.(run)) ?? {}
    const end = await run.end()
    const output = unordered ? [...run.lines].sort() : run.lines
    assert.equal(run.stderr, '', 'standard error')
    return { output, end, ...seen }
  } finally {
    run.cleanUp()
  }
}

/** A test for each version; they run at the same time, because most of them sleep. */
export function compare(title: string, scenarios: readonly Scenario[]): void {
  describe(title, { concurrency: true }, () => {
    for (const scenario of scenarios)
      for (const { language, skip, launch } of versions)
        test(`${scenario.program}, ${language}`, { skip }, async () => {
          const run = new Run(launch(scenario.program, scenario.args ?? []))
          assert.deepEqual(await see(scenario, run), scenario.expected)
        })
  })
}
