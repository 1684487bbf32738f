/** Runs both versions of a program and asserts that the same can be seen of both. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ProgramName } from '../../src/cli/course/programs.js'
import { Run } from './run.js'
import { versions } from './versions.js'

export interface Scenario {
  program: ProgramName
  /** What is special about this run. */
  when?: string
  args?: readonly string[]
  /** What cannot be seen of the output, and how it ends: `status 0`, `SIGTERM`. */
  expected: { output: readonly string[]; end: string } & Record<string, unknown>
  /** What standard error has in both; how it is worded is one of the differences. @default nothing at all */
  complaint?: RegExp
  /** The order of the lines is left to the kernel, where two processes write. */
  unordered?: true
  /** It is left alone, so that what is long in coming shows where it blocks. */
  timed?: true
  /** Looks at it while it runs, types, connects. What it returns is compared as well. */
  observe?(run: Run): Promise<Record<string, unknown>>
}

async function see({ observe, unordered, complaint = /^$/ }: Scenario, run: Run): Promise<Record<string, unknown>> {
  try {
    const seen = (await observe?.(run)) ?? {}
    const end = await run.end()
    const output = unordered ? [...run.lines].sort() : run.lines
    assert.match(run.stderr, complaint, 'standard error')
    return { output, end, ...seen }
  } finally {
    run.cleanUp()
  }
}

/** Most programs sleep most of the time; but starting many at once would blur when they print. */
const AT_A_TIME = 4

/** A test for each version. */
export function compare(title: string, scenarios: readonly Scenario[]): void {
  const cases = scenarios.flatMap((scenario) =>
    versions.map(({ language, skip, program }) => ({
      name: `${scenario.program}${scenario.when === undefined ? '' : ` ${scenario.when}`}, ${language}`,
      skip,
      scenario,
      launch: skip === false ? { ...program(scenario.program), args: scenario.args ?? [] } : undefined,
    })),
  )
  describe(title, { concurrency: AT_A_TIME }, () => {
    for (const { name, skip, scenario, launch } of cases)
      test(name, { skip }, async () => {
        if (launch === undefined) return
        assert.deepEqual(await see(scenario, new Run(launch, scenario.timed)), scenario.expected)
      })
  })
}
