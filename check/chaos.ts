// Random KILL, STOP, CONT and TERM of every process of a server under 50 clients, in all models: nothing is lost, twice, wrong, hung or left.
import { parseArgs } from 'node:util'
import { judge } from '../bench/lib/claims.js'
import { findNodes } from '../bench/lib/nodes.js'
import { textTable } from '../bench/lib/table.js'
import { models as allModels } from '../src/server/models/index.js'
import type { Outcome } from './chaos/outcome.js'
import { claimOf, complaintsOf, page, resultTable, signalTable } from './chaos/report.js'
import { startRun } from './chaos/start-run.js'
import { saveResults } from './save-results.js'

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 1e9)}` },
    models: { type: 'string', default: '' },
    without: { type: 'string', default: '' },
    programs: { type: 'string', default: 'echo,store' },
    nodes: { type: 'string', default: process.versions.node.split('.')[0] as string },
  },
})

function chosen<Name extends string>(flag: string, given: string, all: readonly Name[]): Name[] {
  const names = given.split(',').filter((name) => name !== '')
  for (const name of names)
    if (!(all as readonly string[]).includes(name))
      throw new RangeError(`--${flag}: expected some of ${all.join(', ')}, got ${name}`)
  return names as Name[]
}

const everyModel = Object.keys(allModels)
const without = chosen('without', flags.without, everyModel)
const models = chosen('models', flags.models || everyModel.join(), everyModel).filter((name) => !without.includes(name))
const programs = chosen('programs', flags.programs, ['echo', 'store'] as const)
const minutes = Number(flags.minutes)
if (!(minutes > 0)) throw new RangeError(`--minutes: expected a number above 0, got ${flags.minutes}`)
const majors = flags.nodes.split(',').map(Number)
const nodes = findNodes().filter(({ major }) => majors.includes(major))
for (const major of majors)
  if (!nodes.some((node) => node.major === major))
    throw new RangeError(`--nodes: no Node ${major} here; node scripts/nodes.mjs ${major} gets it`)

/** What one run is not as it should be in: the rest will be the same. */
const SHOWN = 8

const { seed } = flags
console.log(`--seed ${seed}`)
const seconds = (minutes * 60) / (models.length * programs.length)

const outcomes: Outcome[] = []
for (const { path } of nodes)
  for (const model of models)
    for (const name of programs) {
      const outcome = await startRun(path, { seed, model, program: name, seconds })
      outcomes.push(outcome)
      console.log(claimOf(outcome).says)
      for (const complaint of complaintsOf(outcome).slice(0, SHOWN)) console.log(complaint)
    }

console.log(`\n${textTable(resultTable(outcomes))}\n\n${textTable(signalTable(outcomes))}\n`)
const whole = minutes >= 10 && models.length === everyModel.length && programs.length === 2
if (whole) saveResults('chaos', (machine) => page(outcomes, seed, machine), { seed, minutes, outcomes })

judge(outcomes.map(claimOf))
