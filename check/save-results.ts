import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine, type Machine } from '../bench/lib/machine.js'
import { root } from '../bench/lib/paths.js'

/** Writes what a whole run has shown, for people and for programs. */
export function saveResults(name: string, page: (machine: Machine) => string, data: Record<string, unknown>): void {
  const results = join(root, 'check/results')
  mkdirSync(results, { recursive: true })
  const machine = describeMachine()
  writeFileSync(join(results, `${name}.md`), page(machine))
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ machine, ...data }, undefined, 1)}\n`)
}
