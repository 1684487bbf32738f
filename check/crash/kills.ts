/** Kills in a store under 50 clients: launcher, supervisor, connections, workers and writer, alone and several together. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { atExit } from '../../bench/lib/cleanup.js'
import type { Outcome } from '../chaos/outcome.js'
import type { Task } from '../chaos/place.js'
import { complaintsOf } from '../chaos/report.js'
import type { Kills } from './report.js'

const program = fileURLToPath(new URL('../chaos/run.js', import.meta.url))
const MOST_SECONDS = 1200
const SHOWN = 5

export async function killUntil(model: string, seed: string, kills: number): Promise<Kills> {
  const task: Task = { seed, model, program: 'store', seconds: MOST_SECONDS, kills }
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const takeBack = atExit(() => child.kill('SIGTERM'))
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')])
  takeBack()
  if (code !== 0) throw new Error(`${model}: the run itself ended with ${signal ?? code}`)
  const outcome = JSON.parse(printed) as Outcome
  const complaints = complaintsOf(outcome)
  for (const complaint of complaints.slice(0, SHOWN)) console.log(complaint)
  const byRole = Object.fromEntries(Object.entries(outcome.signals).map(([role, { KILL = 0 }]) => [role, KILL]))
  return {
    ...{ model, byRole, kills: Object.values(byRole).reduce((sum, count) => sum + count, 0), echoes: outcome.echoes },
    ...{ lost: outcome.lost.length, twice: outcome.twice.length, torn: outcome.wrong.length },
    others: complaints.length - outcome.lost.length - outcome.twice.length - outcome.wrong.length,
  }
}
