/** One run of one program. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { atExit } from '../../bench/lib/cleanup.js'
import { until } from '../../bench/lib/deadline.js'
import type { FoundNode } from '../../bench/lib/nodes.js'
import { portIn } from '../../bench/lib/ready.js'
import { askAll } from '../../bench/soak/clients.js'
import { commandOf, crashes, failures, killMarked, lastWords, lostOf, marked, read } from './aftermath.js'
import type { Outcome } from './outcome.js'
import { type Setup, type Started, startByNode, startByPm2 } from './start.js'
import type { Model, Opened, Program } from './table.js'

const AT_ONCE = 10
/** Copies in PM2's cluster mode. */
const CLUSTER = 2
const START_MS = 60_000
const AGAIN_MS = 20_000
const STOP_MS = 30_000
const VITEST_MS = 5 * 60_000

export interface Place {
  readonly program: Program
  readonly node: FoundNode
  readonly model: Model
  readonly opened: Opened
  readonly connections: number
  readonly installed: string
  /** Of this run. */
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `client-${index}`)

/** Asks the launcher to use once more what it has opened. */
async function askAgain(started: Started, folder: string, trouble: string[]): Promise<void> {
  process.kill(started.pid, 'SIGUSR2')
  const again = await until(() => read(join(folder, 'again')) || undefined, AGAIN_MS, 'asking again').catch(
    (error) => error.message,
  )
  if (again !== 'launcher-again') trouble.push(`the launcher's own use afterwards: ${again}`)
}

async function stop(started: Started, trouble: string[]): Promise<void> {
  if (started.ended() === undefined) started.stop()
  const ended = await until(() => started.ended(), STOP_MS, 'stopping').catch((error: Error) => error.message)
  if (ended !== 0) trouble.push(`ended with ${ended}`)
}

async function assertGone(mark: string, trouble: string[]): Promise<void> {
  const gone = (): true | undefined => (marked(mark).length === 0 ? true : undefined)
  await until(gone, 5_000, 'the end of all').catch(() => {
    for (const pid of marked(mark)) trouble.push(`left behind: ${commandOf(pid)}`)
  })
}

async function talk(run: Outcome, port: number): Promise<void> {
  const questions = namesOf(run.connections).map((name) => ({ text: name, answer: name }))
  const { wrong, hung, latenciesMs } = await askAll(port, questions.values(), AT_ONCE, () => undefined)
  run.wrong.push(...wrong)
  run.hung = hung.length
  run.right = latenciesMs.length - wrong.filter((words) => words.includes(': got ')).length
}

function takeOutcome(run: Outcome, folder: string): void {
  const found = read(join(folder, 'outcome'))
  if (found === undefined) {
    run.trouble.push(`no outcome: ${lastWords(folder)}`)
    return
  }
  const { right, wrong } = JSON.parse(found) as { right: number; wrong: string[] }
  run.right = right
  run.wrong.push(...wrong)
}

/** A test runner serves and asks by itself, and ends. */
async function runVitest(run: Outcome, setup: Setup): Promise<void> {
  const started = startByNode({ ...setup, args: ['node_modules/vitest/vitest.mjs', 'run', '--pool', 'forks'] })
  const ended = await until(() => started.ended(), VITEST_MS, 'the test').catch((error: Error) => error.message)
  if (ended !== 0) run.trouble.push(`ended with ${ended}`)
  const refused = read(join(setup.folder, 'refused'))
  if (refused !== undefined) run.refused = refused
  else takeOutcome(run, setup.folder)
}

async function runServer(run: Outcome, setup: Setup, start: Program['start']): Promise<void> {
  const { folder } = setup
  const started =
    start === 'pm2' || start === 'pm2-cluster'
      ? await startByPm2(setup, start === 'pm2' ? 1 : CLUSTER)
      : startByNode(setup, start === 'tsx' ? ['--import', 'tsx'] : [])
  try {
    const portFile = join(folder, 'port')
    const port = await until(() => portIn(portFile) ?? started.ended(), START_MS, 'starting')
    if (portIn(portFile) !== undefined) {
      await talk(run, port as number)
      await askAgain(started, folder, run.trouble)
      await stop(started, run.trouble)
    } else if (existsSync(join(folder, 'refused'))) run.refused = read(join(folder, 'refused')) ?? ''
    else run.trouble.push(`did not start, ended with ${port}: ${lastWords(folder)}`)
  } finally {
    started.clear()
  }
}

/** Each client's handler has failed, as the table says it has to here. */
function takeFailure(run: Outcome, { fails }: Program, major: number): void {
  if (fails?.opened !== run.opened || fails.major !== major || run.hung > 0) return
  if (run.right > 0 || !run.failures.every((words) => fails.words.test(words))) return
  if (run.failures.length < run.connections) return
  run.refused = `each client: ${run.failures[0]}`
  run.rightlyRefused = true
  for (const told of [run.wrong, run.crashed, run.failures]) told.length = 0
}

export async function runOnce(place: Place): Promise<Outcome> {
  const { program, node, model, opened, connections, installed, folder } = place
  const run: Outcome = {
    program: program.name,
    version: versionOf(program),
    node: node.version,
    model,
    opened,
    connections,
    right: 0,
    wrong: [],
    hung: 0,
    crashed: [],
    failures: [],
    trouble: [],
  }
  const id = randomUUID()
  const mark = `CHECK_MARK=${id}`
  const own = { CHECK_MARK: id, CHECK_FOLDER: folder, CHECK_MODEL: model, CHECK_CONNECTIONS: `${connections}` }
  const app = program.app === undefined ? {} : { CHECK_APP: `./${program.app}` }
  mkdirSync(folder, { recursive: true })
  const args = [join(installed, 'main.mjs'), program.name, model, opened, folder]
  const setup = { node: node.path, installed, folder, args, env: { ...process.env, ...place.env, ...own, ...app } }
  const takeBack = atExit(() => killMarked(mark))
  try {
    if (program.start === 'vitest') await runVitest(run, setup)
    else await runServer(run, setup, program.start)
  } catch (error) {
    run.trouble.push((error as Error).message)
  }
  await assertGone(mark, run.trouble)
  killMarked(mark)
  takeBack()
  run.crashed.push(...crashes(folder))
  run.failures.push(...failures(folder))
  takeFailure(run, program, node.major)
  const expected = program.refused
  if (run.rightlyRefused) return run
  if (run.refused !== undefined) run.rightlyRefused = expected?.opened === opened && expected.words.test(run.refused)
  else if (program.logs) run.lost = lostOf(folder, namesOf(connections))
  return run
}

export const versionOf = ({ packages }: Program): string => packages[0]?.replace(/^.+@/, '') ?? 'of Node'
