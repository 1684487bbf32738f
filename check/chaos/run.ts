// One program in one model, on the Node that runs this: `run.js JSON`. Prints its outcome as a line of JSON.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atExit } from '../../bench/lib/cleanup.js'
import { tined } from '../../test/harness/program.js'
import { ChaosClient, type Ground } from './client.js'
import { decisions, randomFrom } from './decisions.js'
import { Director } from './director.js'
import { DRAIN_MS, Life, type Place } from './life.js'
import type { Conversation } from './lines.js'
import type { Outcome } from './outcome.js'
import { holdAgainst } from './stored.js'
import { describeTree } from './tree.js'

/** What a run is told. */
export interface Task {
  readonly seed: string
  readonly model: string
  readonly program: 'echo' | 'store'
  readonly seconds: number
}

const CLIENTS = 50
/** So long may a client wait while all is well; a writer or worker that is killed again and again comes back after a second. */
const HUNG_MS = 10_000
const WATCH_MS = 100
/** Of model `single`, where all others wait meanwhile. */
const FEW_LINES = 4
const MANY_LINES = 120

const { seed, model, program, seconds } = JSON.parse(process.argv[2] ?? '') as Task
const started = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'tined-chaos-'))
atExit(() => rmSync(folder, { recursive: true, force: true }))
chmodSync(folder, 0o777)
const file = join(folder, 'messages.ndjson')
const socketFile = join(folder, 'socket')

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Below those that the kernel gives to clients: one of them could take it while no server runs, or be connected to itself. */
async function findPort(): Promise<number> {
  for (let port = 10_000 + (process.pid % 20_000); ; port++) if (await isFree(port)) return port
}

const port = await findPort()
const address = `127.0.0.1:${port}`
const args = ['--model', model, '--listen', address, '--listen', `unix:${socketFile}`, '--log', 'json']
const common = [...args, '--drain-timeout', `${DRAIN_MS}ms`, ...(model === 'multiplex' ? ['--workers', '2'] : [])]
const launch = program === 'echo' ? tined('echo', ...common) : tined('store', '--to', file, ...common)
const place: Place = { folder, port, socketFile, launch }

const hung: string[] = []
const left: string[] = []
const cut: string[] = []
const wrong: string[] = []
const trouble: string[] = []
const conversations: Conversation[] = []
const director = new Director()
const ground: Ground = {
  addresses: [address, address, `unix:${socketFile}`],
  wellTime: director.wellTime,
  mostLines: model === 'single' ? FEW_LINES : MANY_LINES,
  wrong,
  conversations,
  broke: (client) => void (director.mayBreak(client) || cut.push(`${client.described}: ${director.recent}`)),
}
const clients = Array.from(
  { length: CLIENTS },
  (_, index) => new ChaosClient(ground, index, randomFrom(`${seed} client ${index}`)),
)
atExit(() => director.life?.server.killAll())

const watching = setInterval(() => {
  director.look()
  const { life, wellTime } = director
  for (const client of clients) {
    if (client.waitingSinceMs === undefined || wellTime.ms - client.waitingSinceMs < HUNG_MS) continue
    hung.push(`${client.described}: ${director.recent}: ${describeTree(life?.server.pid ?? 0)}`)
    client.giveUp()
  }
}, WATCH_MS)

/** When there is to be no further server. */
let enough = false
let restarts = -1

/** One server after another. */
async function live(): Promise<void> {
  while (!enough) {
    restarts++
    const life = new Life(place)
    director.life = life
    await life.becomeReady()
    director.look()
    const ended = await life.end()
    left.push(...ended.left)
    trouble.push(...ended.trouble)
  }
}

const talking = Promise.all(clients.map((client) => client.run()))
const living = live()
living.catch((error: Error) => {
  trouble.push(error.message)
  director.over = true
  director.life?.server.killAll()
})

for (const decision of decisions(`${seed} ${model} ${program}`)) {
  if (performance.now() - started > seconds * 1000 || trouble.length > 0) break
  await director.pause(decision.pauseMs)
  if (decision.calm) await director.calm(clients, left)
  else director.carryOut(decision)
}

await director.calm(clients, left)
for (const client of clients) client.stop()
await talking
enough = true
director.carryOut({ pauseMs: 0, calm: false, signal: 'TERM', role: 'launcher', which: 0, stoppedMs: 0 })
await living.catch(() => {})
clearInterval(watching)

const found = program === 'store' ? await holdAgainst(file, conversations) : { lost: [], twice: [], wrong: [] }
const outcome: Outcome = {
  node: process.versions.node,
  model,
  program,
  seconds: (performance.now() - started) / 1000,
  echoes: conversations.reduce((sum, { echoed }) => sum + echoed, 0),
  conversations: conversations.length,
  restarts,
  signals: director.signals,
  longestMs: Math.max(...clients.map(({ longestMs }) => longestMs)),
  lost: found.lost,
  twice: found.twice,
  wrong: [...wrong, ...found.wrong],
  hung,
  left,
  cut,
  trouble,
}
console.log(JSON.stringify(outcome))
