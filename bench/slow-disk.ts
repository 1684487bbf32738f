// What a sync that takes a millisecond or more costs a store: one sync a message beside one that many share, and beside Redis that syncs, all
// under the same delay of fdatasync(2). Everything it writes is under bench/results.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from './lib/claims.js'
import { atExit } from './lib/cleanup.js'
import { compile } from './lib/compile.js'
import { describeMachine, inWords } from './lib/machine.js'
import { median } from './lib/median.js'
import { resultsFolder } from './lib/paths.js'
import { writeJson, writeResult } from './lib/results.js'
import { selectAvailable } from './lib/server-spec.js'
import { syncMsUnder, withSlowSync } from './lib/slow-sync.js'
import { StoreRounds } from './lib/store-rounds.js'
import type { StoreSpec } from './lib/store-spec.js'
import { EACH, slowDiskSpecs } from './lib/store-specs.js'
import { markdownTable, textTable } from './lib/table.js'

const CLIENTS = [1, 20, 200]
const DELAY_US = 1000
/** Of one sync a message, with the most clients, as docs/store.md has it. */
const TIMES = 20
const rounds = Number(process.env['TINED_BENCH_ROUNDS'] ?? 5)
const seconds = Number(process.env['TINED_BENCH_SECONDS'] ?? 2)

mkdirSync(resultsFolder, { recursive: true })
// not in /tmp, which may be memory
const scratch = mkdtempSync(join(resultsFolder, 'slow-disk-'))
atExit(() => rmSync(scratch, { recursive: true, force: true }))
const program = compile('ask', scratch)
const { available, skipped } = selectAvailable(slowDiskSpecs(scratch))
for (const reason of skipped) console.log(reason)

const prefix = withSlowSync(DELAY_US, scratch)
const syncs: number[] = []
const measured = new StoreRounds({
  ...{ scratch, program, rounds, seconds, prefix },
  clients: CLIENTS,
  begins: () => syncs.push(syncMsUnder(prefix, scratch)),
})
await measured.run(available as StoreSpec[])
const { loads, failures } = measured

const machine = describeMachine()
const method =
  `Clients send 100 bytes, wait for the answer that says that they are kept, and send again; ${seconds} s a measurement, median of ${rounds} rounds, the client in C. ` +
  `Each fdatasync of a server returns ${DELAY_US / 1000} ms later than the disk has it: it took ${median(syncs).toFixed(2)} ms when nothing else ran.`
const rows = measured.table(available.map(({ name }) => name))
console.log(`\n${inWords(machine)}\n${method}\n\n${textTable(rows)}\n`)
writeJson('slow-disk.json', {
  ...{ machine, method, clients: CLIENTS, delayUs: DELAY_US, syncMs: syncs },
  ...{ loads: Object.fromEntries(loads), skipped, failures },
})
const notes = [...skipped, ...failures].map((line) => `- ${line}`)
writeResult(
  'slow-disk.md',
  `# Messages from a slow disk\n\n${inWords(machine)}. ${method}\n\n${markdownTable(rows)}\n${notes.join('\n')}`,
)

const last = CLIENTS.length - 1
const times = (name: string): number => measured.perSecond(name, last) / measured.perSecond(EACH, last)
judge(
  ['Tined, multiplex', 'Tined, fork'].map((name) => ({
    says: `${name}: at least ${TIMES} times one sync a message with ${CLIENTS[last]} clients: ${times(name).toFixed(1)}`,
    holds: times(name) >= TIMES,
  })),
)
