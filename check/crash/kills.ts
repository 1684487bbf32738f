/** Kills in a store under 50 clients: launcher, supervisor, connections, workers, writer and forwarder, alone and several together. */
import { complaintsOf } from '../chaos/report.js'
import { startRun } from '../chaos/start-run.js'
import type { Kills } from './report.js'
import type { SinkName } from './sinks.js'

const MOST_SECONDS = 1200
const SHOWN = 5

export async function killUntil(model: string, sink: SinkName | 'stream', seed: string, kills: number): Promise<Kills> {
  const task = sink === 'stream' ? ({ program: 'stream' } as const) : ({ program: 'store', sink } as const)
  const outcome = await startRun(process.execPath, { seed, model, ...task, seconds: MOST_SECONDS, kills })
  const complaints = complaintsOf(outcome)
  for (const complaint of complaints.slice(0, SHOWN)) console.log(complaint)
  const byRole = Object.fromEntries(Object.entries(outcome.signals).map(([role, { KILL = 0 }]) => [role, KILL]))
  return {
    ...{
      model,
      sink,
      byRole,
      kills: Object.values(byRole).reduce((sum, count) => sum + count, 0),
      echoes: outcome.echoes,
    },
    ...{ lost: outcome.lost.length, twice: outcome.twice.length, torn: outcome.wrong.length },
    others: complaints.length - outcome.lost.length - outcome.twice.length - outcome.wrong.length,
  }
}
