// One program in one model, on the Node that runs this: `run.js JSON`. Prints its outcome as a line of JSON.
import { atExit } from '../../bench/lib/cleanup.js'
import { ChaosClient, type Ground } from './client.js'
import { decisions, randomFrom } from './decisions.js'
import { Director } from './director.js'
import { Life } from './life.js'
import { type Conversation, ownerOf } from './lines.js'
import type { Outcome } from './outcome.js'
import { makePlace, type Task } from './place.js'
import { holdAgainst } from './stored.js'
import { linesIn } from './stored-lines.js'
import { holdStreamAgainst } from './streamed.js'
import { describeTree } from './tree.js'

const CLIENTS = 50
const WATCH_MS = 100
/** Of a connection, where others may have to wait for its end. */
const FEW_LINES = 4
const MANY_LINES = 120
/** Models that serve all clients at once. */
const AT_ONCE: readonly string[] = ['fork', 'multiplex']

const task = JSON.parse(process.argv[2] ?? '') as Task
const { seed, model, program, seconds, kills } = task
const started = performance.now()
const place = await makePlace(task)

const hung: string[] = []
const left: string[] = []
const cut: string[] = []
const wrong: string[] = []
const trouble: string[] = []
const conversations: Conversation[] = []
const director = new Director(model)
const ground: Ground = {
  addresses: [`127.0.0.1:${place.port}`, `127.0.0.1:${place.port}`, `unix:${place.socketFile}`],
  wellTime: director.wellTime,
  mostLines: AT_ONCE.includes(model) ? MANY_LINES : FEW_LINES,
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
  for (const client of clients) {
    if (!director.isHung(client)) continue
    hung.push(`${client.described}: ${director.recent}: ${describeTree(director.life?.server.pid ?? 0)}`)
    client.giveUp()
  }
}, WATCH_MS)

/** When there is to be no further server. */
let enough = false
let restarts = -1

/** One server after another, until one is not as it should be. */
async function live(): Promise<void> {
  while (!enough && trouble.length === 0) {
    restarts++
    const life = new Life(place)
    director.life = life
    await life.becomeReady()
    director.look()
    const ended = await life.end()
    left.push(...ended.left)
    trouble.push(...ended.trouble)
  }
  director.over = true
}

const talking = Promise.all(clients.map((client) => client.run()))
const living = live()
living.catch((error: Error) => {
  trouble.push(error.message)
  director.over = true
  director.life?.server.killAll()
})

let found = true
const killed = (): number => Object.values(director.signals).reduce((sum, { KILL = 0 }) => sum + KILL, 0)
for (const decision of decisions(`${seed} ${model} ${program}`, kills !== undefined, program === 'stream')) {
  if (performance.now() - started > seconds * 1000 || director.over || (kills !== undefined && killed() >= kills)) break
  // a model that has few roles shall not be left in peace for long
  await director.pause(found ? decision.pauseMs : decision.pauseMs / 3)
  if (decision.calm) await director.calm(clients, left)
  else found = director.carryOut(decision)
}

await director.calm(clients, left)
for (const client of clients) client.stop()
await talking
enough = true
director.carryOut({ pauseMs: 0, calm: false, signal: 'TERM', role: 'launcher', which: 0, stoppedMs: 0 })
await living.catch(() => {})
clearInterval(watching)

const looks = {
  echo: () => ({ lost: [], twice: [], wrong: [] }),
  store: () => holdAgainst(place.file, conversations, ownerOf, linesIn[place.sink](place.file)),
  stream: () => holdStreamAgainst(place.nats?.address ?? '', conversations),
}
const stored = await looks[program]()
await place.nats?.end()
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
  lost: stored.lost,
  twice: stored.twice,
  wrong: [...wrong, ...stored.wrong],
  hung,
  left,
  cut,
  trouble,
}
console.log(JSON.stringify(outcome))
