/** One program in one model under chaos, in a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { atExit } from '../../bench/lib/cleanup.js'
import type { Outcome } from './outcome.js'
import type { Task } from './place.js'

const program = fileURLToPath(new URL('run.js', import.meta.url))

/**
 * @param node the Node that runs it
 * @throws {Error} when the run itself fails, or takes three times as long as it is to, and two minutes
 */
export async function startRun(node: string, task: Task): Promise<Outcome> {
  const timeout = (task.seconds * 3 + 120) * 1000
  const child = spawn(node, [program, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'], timeout })
  const takeBack = atExit(() => child.kill('SIGTERM'))
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')])
  takeBack()
  if (code !== 0) throw new Error(`${task.program}, ${task.model}: the run itself ended with ${signal ?? code}`)
  return JSON.parse(printed) as Outcome
}
