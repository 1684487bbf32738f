// Power cuts and kills: whatever a store has echoed is in its file, once and whole. `-- --cuts 200 --kills 0 --models fork` for less.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judge } from '../bench/lib/claims.js'
import { atExit } from '../bench/lib/cleanup.js'
import { textTable } from '../bench/lib/table.js'
import { models as allModels } from '../src/server/models/index.js'
import { noNats } from '../test/harness/nats.js'
import { randomFrom } from './chaos/decisions.js'
import { lookAfter } from './crash/after.js'
import { killUntil } from './crash/kills.js'
import { cutAt } from './crash/power-cut.js'
import { type Cuts, claimsOf, type Kills, page, tables } from './crash/report.js'
import { type SinkName, sinkNames, sinkOf } from './crash/sinks.js'
import { traceStore } from './crash/trace.js'
import { randomWorkload } from './crash/workload.js'
import { saveResults } from './save-results.js'

const WHOLE = 2000
/** Of one trace: a server's start under strace takes longer than all of them. */
const CUTS_A_TRACE = 125
const SHOWN = 5

const { values: flags } = parseArgs({
  options: {
    cuts: { type: 'string', default: `${WHOLE}` },
    kills: { type: 'string', default: `${WHOLE}` },
    models: { type: 'string', default: Object.keys(allModels).join() },
    sinks: { type: 'string', default: sinkNames.join() },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 1e9)}` },
  },
})

const models = flags.models.split(',')
for (const model of models)
  if (!(model in allModels)) throw new RangeError(`--models: expected some of ${Object.keys(allModels)}, got ${model}`)
const sinks = flags.sinks.split(',') as SinkName[]
for (const sink of sinks)
  if (!sinkNames.includes(sink)) throw new RangeError(`--sinks: expected some of ${sinkNames}, got ${sink}`)
for (const name of ['cuts', 'kills'] as const)
  if (!/^\d+$/.test(flags[name])) throw new RangeError(`--${name}: expected a whole number, got ${flags[name]}`)
const { seed } = flags
console.log(`--seed ${seed}`)

const folder = mkdtempSync(join(tmpdir(), 'tined-crash-'))
atExit(() => rmSync(folder, { recursive: true, force: true }))

async function cutOften(model: string, sink: SinkName, wanted: number): Promise<Cuts> {
  const random = randomFrom(`${seed} ${model} ${sink}`)
  const cuts: Cuts = {
    ...{ model, sink, cuts: 0, echoed: 0, unsyncedBytes: 0, mended: 0 },
    ...{ lost: 0, twice: 0, torn: 0 },
  }
  for (let run = 0; cuts.cuts < wanted; run++) {
    const place = mkdtempSync(join(folder, 'run-'))
    const events = await traceStore(place, sinkOf(sink), randomWorkload(model, random))
    for (let turn = 0; turn < CUTS_A_TRACE && cuts.cuts < wanted; turn++) {
      const cut = cutAt(events, Math.floor(random() * (events.length + 1)), random)
      const { lost, twice, torn, mended } = lookAfter(cut, join(place, 'after'), sinkOf(sink))
      cuts.cuts++
      cuts.echoed += cut.echoed.length
      cuts.unsyncedBytes += cut.unsyncedBytes
      cuts.mended += Number(mended)
      cuts.lost += lost
      cuts.twice += twice
      cuts.torn += torn.length
      if (lost + twice + torn.length === 0) continue
      console.log(`${model}, ${sink}: run ${run}, event ${cut.at}: ${lost} lost, ${twice} twice`)
      for (const words of torn.slice(0, SHOWN)) console.log(`  ${words}`)
    }
    rmSync(place, { recursive: true })
  }
  return cuts
}

const cuts: Cuts[] = []
const kills: Kills[] = []
const combinations = models.flatMap((model) => sinks.map((sink) => [model, sink] as const))
if (Number(flags.cuts) > 0) {
  if (spawnSync('strace', ['-V']).status !== 0) throw new Error('strace(1) is not installed: apt-get install strace')
  for (const [model, sink] of combinations)
    cuts.push(await cutOften(model, sink, Math.ceil(Number(flags.cuts) / combinations.length)))
}
if (Number(flags.kills) > 0)
  for (const [model, sink] of combinations)
    kills.push(await killUntil(model, sink, seed, Math.ceil(Number(flags.kills) / combinations.length)))
// beside them: a forwarder is there to be killed, and the stream is read back
if (Number(flags.kills) > 0 && noNats === false)
  for (const model of models.filter((name) => name !== 'single'))
    kills.push(await killUntil(model, 'stream', seed, Math.ceil(Number(flags.kills) / combinations.length)))

for (const table of tables(cuts, kills)) console.log(`\n${textTable(table)}`)
const whole =
  Number(flags.cuts) >= WHOLE &&
  Number(flags.kills) >= WHOLE &&
  combinations.length === Object.keys(allModels).length * sinkNames.length
if (whole) saveResults('crash', (machine) => page(cuts, kills, seed, machine), { seed, cuts, kills })
judge(claimsOf(cuts, kills))
