// How many connections a second, each in a process of its own: Tined against everything that does the same job here.
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { compile, hasCompiler, makeScratch } from './lib/compile.js'
import { aheadClaims, connectionClaims, ownClaims } from './lib/connection-claims.js'
import { aheadTable, connectionPage, fastestFirst, rateChart, rateTable } from './lib/connection-report.js'
import { describeMachine, inWords } from './lib/machine.js'
import { onPath } from './lib/paths.js'
import * as peers from './lib/peer-specs.js'
import { writeJson, writeResult } from './lib/results.js'
import { type Effort, runRounds } from './lib/rounds.js'
import { selectAvailable } from './lib/server-spec.js'
import { textTable } from './lib/table.js'
import * as tined from './lib/tined-specs.js'

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, pin: { type: 'boolean', default: false } },
})

function refuse(reason: string): never {
  console.error(reason)
  process.exit(1)
}

if (!hasCompiler()) refuse('There is no C compiler (cc) for the load client, which is C: apt-get install gcc libc6-dev')
if (flags.pin && !onPath('taskset')) refuse('--pin needs taskset: apt-get install util-linux')

const effort: Effort = flags.quick ? { rounds: 3, seconds: 0.25, extra: 2 } : { rounds: 5, seconds: 1, extra: 10 }
const pinTo = (cpu: number) => (flags.pin ? ['taskset', '-c', String(cpu)] : [])
const scratch = makeScratch()
const load = compile('load', scratch)

const { available, skipped } = selectAvailable([
  ...tined.tinedRows(),
  ...tined.ownRows,
  ...tined.aheadRows,
  peers.forkEcho(compile('fork-echo', scratch)),
  peers.preforkEcho(compile('prefork-echo', scratch)),
  peers.tcpserver,
  peers.socatPipe,
  peers.socatExec,
  peers.pythonForking,
  peers.perlForking,
  peers.childProcessFork,
])
for (const line of skipped) console.log(line)

const bench = { ...effort, scratch, client: [...pinTo(1), load], serverPrefix: pinTo(0) }
const { measured, failures } = await runRounds(available, bench)
const rows = fastestFirst(measured)
const machine = describeMachine()
const method =
  'Each connection: connect, send 64 bytes, half-close, read the echo to the end, check it. ' +
  `Median of ${effort.rounds} interleaved rounds of about ${effort.seconds} s, each with a server started afresh and ` +
  `warmed up${flags.pin ? ', server and client on a core each' : ''}.`

console.log(`\n${inWords(machine)}\n${method}\n\n${textTable(rateTable(rows))}\n`)
for (const line of [...skipped, ...failures]) console.log(line)

// A run without Tined would only replace the results of one that says something.
if (rows.some(({ role }) => role === 'tined')) {
  console.log(`${textTable(aheadTable(rows))}\n`)
  writeJson('connections.json', { machine, ...effort, pinned: flags.pin, skipped, failures, servers: rows })
  writeResult('connections.md', connectionPage(rows, machine, method, [...skipped, ...failures]))
  writeResult(
    'connections.svg',
    rateChart(
      rows.filter(({ role }) => role !== 'ahead'),
      machine,
    ),
  )
}

const expected = available.filter(({ role }) => role === 'tined').map(({ name }) => name)
judge([...connectionClaims(rows, expected), ...ownClaims(rows), ...aheadClaims(rows)])
