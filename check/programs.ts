// Real packages before and in forked processes: does each client get its own answer, on each Node, in each model?
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judge } from '../bench/lib/claims.js'
import { makeScratch } from '../bench/lib/compile.js'
import { type FoundNode, findNodes } from '../bench/lib/nodes.js'
import { type Installed, install } from './programs/install.js'
import { isGood, type Outcome } from './programs/outcome.js'
import { line, page } from './programs/report.js'
import { runOnce, versionOf } from './programs/run.js'
import { type Running, service } from './programs/services.js'
import { MODELS, type Model, OPENED, type Opened, type Program, programs } from './programs/table.js'
import { startUpstream } from './programs/upstream.js'
import { saveResults } from './save-results.js'

const WHOLE = 200

const { values: flags } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24,26' },
    only: { type: 'string' },
    connections: { type: 'string', default: `${WHOLE}` },
    models: { type: 'string', default: MODELS.join() },
    opened: { type: 'string', default: OPENED.join() },
  },
})

function choose<Name extends string>(flag: string, typed: string, known: readonly Name[]): Name[] {
  const wrong = typed.split(',').find((name) => !known.some((each) => each === name))
  if (wrong !== undefined) throw new RangeError(`--${flag}: expected some of ${known.join(', ')}, got ${wrong}`)
  return known.filter((name) => typed.split(',').includes(name))
}

const connections = Number(flags.connections)
if (!Number.isInteger(connections) || connections < 1)
  throw new RangeError(`--connections: expected a whole number from 1, got ${flags.connections}`)
const names = programs.map(({ name }) => name)
const chosen = flags.only === undefined ? names : choose('only', flags.only, names)
const models = choose('models', flags.models, MODELS)
const opened = choose('opened', flags.opened, OPENED)
const majors = flags.nodes.split(',').map(Number)
const found = findNodes().filter(({ major }) => majors.includes(major))
for (const major of majors)
  if (!found.some((node) => node.major === major))
    throw new RangeError(`--nodes: no Node ${major} here; node scripts/nodes.mjs ${major} gets it`)

const scratch = makeScratch()
// servers may run as somebody else
chmodSync(scratch, 0o755)
const runs: Outcome[] = []
let count = 0

/** Everything that a program needs on this Node, or what is missing of it. */
async function prepare(program: Program, node: FoundNode): Promise<Running & Installed> {
  const unfit = program.notOn?.(node.major)
  if (unfit !== undefined) return { missing: unfit }
  const needed = program.service === undefined ? { env: {} } : await service(program.service, scratch)
  if ('missing' in needed) return needed
  const installed = install(program, node)
  return 'missing' in installed ? installed : { ...needed, ...installed }
}

async function run(program: Program, node: FoundNode, model: Model, at: Opened): Promise<Outcome> {
  const prepared = await prepare(program, node)
  const common = { node: node.version, model, opened: at, connections, right: 0, hung: 0 }
  if ('missing' in prepared)
    return {
      ...{ ...common, program: program.name, version: versionOf(program), skipped: prepared.missing },
      ...{ wrong: [], crashed: [], failures: [], trouble: [] },
    }
  const folder = join(scratch, `${++count}`)
  mkdirSync(folder)
  const { folder: installed, env } = prepared
  const upstream =
    program.upstream === undefined ? undefined : await startUpstream(program.upstream, installed, folder, env)
  const place = { program, node, model, opened: at, connections, installed, folder, env: { ...env, ...upstream?.env } }
  try {
    return await runOnce(place)
  } finally {
    upstream?.stop()
  }
}

// a test runner opens nothing before
for (const program of programs.filter(({ name }) => chosen.includes(name)))
  for (const node of found)
    for (const model of models)
      for (const at of program.start === 'vitest' ? (['handler'] as const) : opened) {
        const outcome = await run(program, node, model, at)
        console.log(line(outcome))
        runs.push(outcome)
      }

const everything = chosen.length === names.length && connections >= WHOLE && majors.length >= 4
if (everything) saveResults('programs', (machine) => page(runs, machine), { runs })

judge(
  chosen.map((name) => {
    const ours = runs.filter(({ program }) => program === name)
    const skipped = ours.filter(({ skipped }) => skipped !== undefined).length
    return { says: `${name}: ${ours.length - skipped} runs, ${skipped} skipped`, holds: ours.every(isGood) }
  }),
)
// the services would keep it
process.exit()
