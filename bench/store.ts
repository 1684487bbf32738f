// Messages a second that come back from disk: Tined in each model, with one sync a message, and beside others that keep a message before
// they answer; in turns, in one run. Everything it writes is under bench/results.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { atExit } from './lib/cleanup.js'
import { compile } from './lib/compile.js'
import { describeMachine, inWords } from './lib/machine.js'
import { median } from './lib/median.js'
import { resultsFolder } from './lib/paths.js'
import { writeJson, writeResult } from './lib/results.js'
import { selectAvailable } from './lib/server-spec.js'
import { StoreRounds } from './lib/store-rounds.js'
import type { StoreSpec } from './lib/store-spec.js'
import { storeSpecs } from './lib/store-specs.js'
import { syncMs } from './lib/sync-time.js'
import { markdownTable, textTable } from './lib/table.js'

const CLIENTS = [1, 20, 200]
const { values: flags } = parseArgs({ options: { only: { type: 'string', default: '' } } })
const rounds = Number(process.env['TINED_BENCH_ROUNDS'] ?? 5)
const seconds = Number(process.env['TINED_BENCH_SECONDS'] ?? 2)

mkdirSync(resultsFolder, { recursive: true })
// not in /tmp, which may be memory
const scratch = mkdtempSync(join(resultsFolder, 'store-'))
// PostgreSQL runs as nobody
chmodSync(scratch, 0o755)
atExit(() => rmSync(scratch, { recursive: true, force: true }))
const program = compile('ask', scratch)

const { available, skipped } = selectAvailable(storeSpecs(scratch).filter(({ name }) => name.includes(flags.only)))
for (const reason of skipped) console.log(reason)

const syncs: number[] = []
const measured = new StoreRounds({
  ...{ scratch, program, rounds, seconds },
  clients: CLIENTS,
  prefix: [],
  begins: () => syncs.push(syncMs(scratch)),
})
await measured.run(available as StoreSpec[])
const { loads, failures } = measured
const rows = measured.table(available.map(({ name }) => name))
const machine = describeMachine()
const sync = median(syncs)
const method =
  `Clients send 100 bytes, wait for the answer that says that they are kept, and send again; ${seconds} s a measurement, median of ${rounds} rounds, the client in C. ` +
  `An fdatasync of 100 bytes more took ${sync.toFixed(2)} ms when nothing else ran. JetStream of NATS 2.9 answers before it syncs; all others after, and Tined with \`replicated\` once the stream has it, too. ` +
  'rsyslog answers nothing: clients send without waiting, and what its file grows by is counted, which it syncs after each batch of its queue.'
console.log(`\n${inWords(machine)}\n${method}\n\n${textTable(rows)}\n`)

if (flags.only === '') {
  writeJson('store.json', {
    machine,
    method,
    clients: CLIENTS,
    loads: Object.fromEntries(loads),
    syncMs: syncs,
    skipped,
    failures,
  })
  const notes = [...skipped, ...failures].map((line) => `- ${line}`)
  writeResult(
    'store.md',
    `# Messages from disk\n\n${inWords(machine)}. ${method}\n\n${markdownTable(rows)}\n${notes.join('\n')}`,
  )
}

const [REDIS, EPOLL, FORK, EACH] = [
  'Redis, appendfsync always',
  'Tined, multiplex',
  'Tined, fork',
  'Tined, fork, one sync a message',
]
const claims = [1, 2]
  .filter(() => loads.has(REDIS) && loads.has(EPOLL))
  .map((index) => ({
    says: `model multiplex is ahead of Redis that syncs, with ${CLIENTS[index]} clients: ${(measured.perSecond(EPOLL, index) / measured.perSecond(REDIS, index)).toFixed(2)}`,
    holds: measured.perSecond(EPOLL, index) > measured.perSecond(REDIS, index),
  }))
if (loads.has(FORK) && loads.has(EACH))
  claims.push({
    says: `group commit is ahead of one sync a message with ${CLIENTS[2]} clients: ${(measured.perSecond(FORK, 2) / measured.perSecond(EACH, 2)).toFixed(2)}`,
    holds: measured.perSecond(FORK, 2) > measured.perSecond(EACH, 2),
  })
judge(claims)
