// Descriptors, processes, memory and system calls that run out or are refused: who waits, who is lost, what is said, on each Node.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { judge } from '../bench/lib/claims.js'
import { describeMachine } from '../bench/lib/machine.js'
import { findNodes } from '../bench/lib/nodes.js'
import { root } from '../bench/lib/paths.js'
import type { Outcome } from './limits/outcome.js'
import { isGood, line, page } from './limits/report.js'

const { values: flags } = parseArgs({ options: { nodes: { type: 'string', default: '20,22,24,26' } } })

const majors = flags.nodes.split(',').map(Number)
const nodes = findNodes().filter(({ major }) => majors.includes(major))
for (const major of majors)
  if (!nodes.some((node) => node.major === major))
    throw new RangeError(`--nodes: no Node ${major} here; node scripts/nodes.mjs ${major} gets it`)

const run = fileURLToPath(new URL('limits/run.js', import.meta.url))
const outcomes: Outcome[] = []
for (const { path, version } of nodes) {
  const child = spawn(path, [run], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  for await (const text of createInterface({ input: child.stdout })) {
    const outcome = JSON.parse(text) as Outcome
    console.log(line(outcome))
    outcomes.push(outcome)
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`Node ${version}: the run itself failed`)
}

if (majors.length >= 4) {
  const results = join(root, 'check/results')
  mkdirSync(results, { recursive: true })
  const machine = describeMachine()
  writeFileSync(join(results, 'limits.md'), page(outcomes, machine))
  writeFileSync(join(results, 'limits.json'), `${JSON.stringify({ machine, outcomes }, undefined, 1)}\n`)
}

judge(
  nodes.map(({ version }) => {
    const ours = outcomes.filter(({ node }) => node === version)
    const lost = ours.reduce((sum, outcome) => sum + outcome.lost, 0)
    return {
      says: `Node ${version}: ${ours.length} shortages, ${lost} clients lost`,
      holds: ours.length > 0 && ours.every(isGood),
    }
  }),
)
