// Does it last? Tens of thousands of connection processes on each Node, doing all that JavaScript does, each answer checked.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { atExit } from './lib/cleanup.js'
import { describeMachine } from './lib/machine.js'
import { type FoundNode, findNodes } from './lib/nodes.js'
import { writeJson, writeResult } from './lib/results.js'
import { textTable } from './lib/table.js'
import type { PhaseResult } from './soak/phase.js'
import { complaintsOf, type NodeResult, soakPage, soakTable } from './soak/report.js'

const { values: flags } = parseArgs({
  options: { nodes: { type: 'string', default: '20,22,24,26' }, share: { type: 'string', default: '1' } },
})
const share = Number(flags.share)
const PHASES = 10
const whole = share >= 1
const program = fileURLToPath(new URL('soak/on-this-node.js', import.meta.url))

/** Generous: some ten times what it takes on two cores. */
const LIMIT_MS = 60_000 + share * 40 * 60_000

async function soak({ path, version }: FoundNode): Promise<NodeResult> {
  const child = spawn(path, [program, flags.share], { stdio: ['ignore', 'pipe', 'inherit'] })
  const takeBack = atExit(() => child.kill('SIGTERM'))
  const broken: string[] = []
  const timer = setTimeout(() => {
    broken.push(`not done after ${LIMIT_MS / 60_000} minutes`)
    child.kill('SIGTERM')
  }, LIMIT_MS)
  const result: NodeResult = { node: version, phases: [], broken }
  createInterface({ input: child.stdout }).on('line', (line) => {
    const phase = JSON.parse(line) as PhaseResult
    result.phases.push(phase)
    console.log(`Node ${version}: ${phase.phase}: ${phase.processes} processes in ${phase.seconds.toFixed(0)} s`)
    for (const complaint of complaintsOf({ ...result, phases: [phase], broken: [] })) console.log(complaint)
  })
  const [code, signal] = await once(child, 'close')
  clearTimeout(timer)
  takeBack()
  if (code !== 0) broken.push(`the soak itself ended with ${signal ?? code}`)
  return result
}

const asked = flags.nodes.split(',').map(Number)
const found = findNodes().filter(({ major }) => asked.includes(major))
for (const { version, path } of found) console.log(`Node ${version}: ${path}`)
const missing = asked.filter((major) => !found.some((node) => node.major === major))
if (missing.length > 0) {
  console.error(`No Node ${missing.join(', ')} here. Name it in TINED_BENCH_NODES=/path/to/node:…, or get it by`)
  console.error(`  node scripts/nodes.mjs ${missing.join(' ')}\nor leave it out: npm run soak -- --nodes 20,22`)
  process.exit(1)
}

const results: NodeResult[] = []
for (const node of found) results.push(await soak(node))

console.log(`\n${textTable(soakTable(results))}\n`)
const byServer = (phases: PhaseResult[]): number =>
  phases.filter(({ phase }) => !phase.startsWith('fork()')).reduce((sum, { connections }) => sum + connections, 0)
const least = Math.min(...results.map(({ phases }) => byServer(phases)))
const machine = describeMachine()
if (whole) {
  writeJson('soak.json', { machine, results })
  writeResult('soak.md', soakPage(results, machine, least))
}

judge(
  results.map((result) => {
    const complaints = complaintsOf(result)
    const counts = `${byServer(result.phases)} connections: 0 crashed, 0 hung, 0 zombies, 0 leaked descriptors, all answers right`
    return { says: `Node ${result.node}: ${counts}`, holds: complaints.length === 0 && result.phases.length === PHASES }
  }),
)
