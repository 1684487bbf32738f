// What group commit is worth: messages a second that come back from disk, with one sync for all that have come meanwhile
// against one sync a message, in the same run. Everything it writes is under bench/results.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from './lib/claims.js'
import { atExit } from './lib/cleanup.js'
import { describeMachine, inWords } from './lib/machine.js'
import { median } from './lib/median.js'
import { resultsFolder, root } from './lib/paths.js'
import { writeJson, writeResult } from './lib/results.js'
import { startServer } from './lib/run-server.js'
import { type ServerSpec, usual } from './lib/server-spec.js'
import { loadStore, type StoreLoad } from './lib/store-load.js'
import { markdownTable, type Row, textTable } from './lib/table.js'

const CLIENTS = [1, 20, 100]
const rounds = Number(process.env['TINED_BENCH_ROUNDS'] ?? 5)
const seconds = Number(process.env['TINED_BENCH_SECONDS'] ?? 2)

mkdirSync(resultsFolder, { recursive: true })
const scratch = mkdtempSync(join(resultsFolder, 'store-'))
atExit(() => rmSync(scratch, { recursive: true, force: true }))

const specs = [
  ['group commit', 0],
  ['one sync a message', 1],
] as const

let files = 0
const specOf = (name: string, most: number): ServerSpec => ({
  ...usual,
  name,
  role: 'tined',
  command: process.execPath,
  args: ({ portFile }) => [
    join(root, 'dist/bench/servers/store.js'),
    portFile,
    join(scratch, `messages-${++files}.ndjson`),
    String(most),
  ],
  ready: 'port-file',
  missing: () => undefined,
})

const loads = new Map<string, StoreLoad[][]>(specs.map(([name]) => [name, CLIENTS.map(() => [])]))
for (let round = 0; round < rounds; round++)
  for (const [name, most] of round % 2 === 0 ? specs : [...specs].reverse()) {
    const server = await startServer(specOf(name, most), scratch, [])
    try {
      for (const [index, clients] of CLIENTS.entries())
        loads.get(name)?.[index]?.push(await loadStore(server.port, clients, seconds))
    } finally {
      await server.stop()
    }
    const last = loads.get(name)?.map((each) => `${each.at(-1)?.perSecond}/s`)
    console.log(`round ${round + 1} of ${rounds}: ${name}: ${last?.join(' ')}`)
  }

const perSecond = (name: string, index: number): number =>
  median(loads.get(name)?.[index]?.map((load) => load.perSecond) ?? [])
const ms = (name: string, index: number, field: 'p50Ms' | 'p99Ms'): string =>
  median(loads.get(name)?.[index]?.map((load) => load[field]) ?? []).toFixed(2)

const heading: Row = ['clients', ...specs.flatMap(([name]) => [`${name}, /s`, 'p50 ms', 'p99 ms']), 'ratio']
const rows = CLIENTS.map((clients, index): Row => {
  const [group, single] = specs.map(([name]) => perSecond(name, index)) as [number, number]
  const cells = specs.flatMap(([name]) => [
    String(Math.round(perSecond(name, index))),
    ms(name, index, 'p50Ms'),
    ms(name, index, 'p99Ms'),
  ])
  return [String(clients), ...cells, (group / single).toFixed(2)]
})
const machine = describeMachine()
const method = `Clients send 100 bytes, wait for them to come back from disk, and send again; ${seconds} s a measurement, median of ${rounds} rounds.`
console.log(`\n${inWords(machine)}\n${method}\n\n${textTable([heading, ...rows])}\n`)
writeJson('store.json', { machine, method, clients: CLIENTS, loads: Object.fromEntries(loads) })
writeResult('store.md', `# Group commit\n\n${inWords(machine)}. ${method}\n\n${markdownTable([heading, ...rows])}\n`)

const many = CLIENTS.length - 1
judge([
  {
    says: `group commit is ahead of one sync a message with ${CLIENTS[many]} clients`,
    holds: perSecond('group commit', many) > perSecond('one sync a message', many),
  },
])
