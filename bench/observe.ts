// Connections a second while somebody looks: the page is open (its stream of snapshots is read) and metrics are scraped each second.
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { compile, makeScratch } from './lib/compile.js'
import { rate, runLoad } from './lib/load.js'
import { describeMachine, inWords } from './lib/machine.js'
import { median } from './lib/median.js'
import { Onlookers } from './lib/onlookers.js'
import { writeJson, writeResult } from './lib/results.js'
import { startServer } from './lib/run-server.js'
import { markdownTable, textTable } from './lib/table.js'
import { builtIn } from './lib/tined-specs.js'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, connections: { type: 'string', default: '6000' } },
})
const CLIENTS = 20
const LEAST = 0.97
const scratch = makeScratch()
const client = [compile('load', scratch)]
const connections = Number(flags.connections)

const server = await startServer(builtIn, scratch, [])
const measure = async (): Promise<number> => rate(await runLoad(client, server.port, CLIENTS, connections))

interface Round {
  readonly alone: number
  readonly watched: number
  readonly snapshots: number
  readonly scrapes: number
}

/** Watched between twice alone: what drifts is on both sides. */
async function round(): Promise<Round> {
  const before = await measure()
  const onlookers = await Onlookers.come(server.leader.pid)
  const watched = await measure()
  onlookers.leave()
  const { snapshots, scrapes } = onlookers
  return { alone: (before + (await measure())) / 2, watched, snapshots, scrapes }
}

await measure()
const rounds: Round[] = []
for (let number = 1; number <= Number(flags.rounds); number++) {
  const found = await round()
  rounds.push(found)
  const { alone, watched, snapshots, scrapes } = found
  console.log(
    `round ${number}: alone ${alone.toFixed(0)}/s, watched ${(watched / alone).toFixed(3)}; ${snapshots} snapshots, ${scrapes} scrapes`,
  )
}
await server.stop()

const shares = rounds.map(({ alone, watched }) => watched / alone)
const share = median(shares)
const machine = describeMachine()
const table = [
  ['connections a second', 'median', 'lowest', 'highest'],
  ['watched, of alone', ...[share, Math.min(...shares), Math.max(...shares)].map((each) => each.toFixed(3))],
]
const seen = `${median(rounds.map(({ snapshots }) => snapshots))} snapshots and ${median(rounds.map(({ scrapes }) => scrapes))} scrapes in each`
console.log(`\n${inWords(machine)}\n\n${textTable(table)}\n`)
writeJson('observe.json', { machine, connections, share, rounds })
writeResult(
  'observe.md',
  `# What looking costs\n\n${inWords(machine)}. The built-in echo in model fork, ${CLIENTS} clients, ${connections} connections at a time; one page open and metrics scraped each second, ${seen}; ${rounds.length} rounds. \`npm run bench:observe\`\n\n${markdownTable(table)}\n`,
)
judge([
  {
    says: `with the page open and metrics scraped at least ${LEAST} of the connections a second: ${share.toFixed(3)}`,
    holds: share >= LEAST,
  },
  {
    says: 'the page was looked at in each round',
    holds: rounds.every(({ snapshots, scrapes }) => snapshots > 0 && scrapes > 0),
  },
])
