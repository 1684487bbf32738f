// What an idle connection costs in memory when it has a process of its own: Tined, and everything that does the same job here.
import { judge } from './lib/claims.js'
import { compile, hasCompiler, makeScratch } from './lib/compile.js'
import { failureLine } from './lib/failure.js'
import { type IdleMemory, measureIdle } from './lib/idle-memory.js'
import { describeMachine, inWords } from './lib/machine.js'
import { memoryClaims, memoryPage, memoryTable, method, scaledNotes } from './lib/memory-report.js'
import * as peers from './lib/peer-specs.js'
import { writeJson, writeResult } from './lib/results.js'
import { selectAvailable } from './lib/server-spec.js'
import { textTable } from './lib/table.js'
import { builtIn, ownRows } from './lib/tined-specs.js'

const scratch = makeScratch()
const { available, skipped } = selectAvailable([
  builtIn,
  ...ownRows,
  ...(hasCompiler() ? [peers.forkEcho(compile('fork-echo', scratch))] : []),
  peers.tcpserver,
  peers.socatPipe,
  peers.pythonForking,
  peers.perlForking,
  peers.childProcessFork,
])
if (!hasCompiler()) skipped.push('skipped: there is no C compiler (apt-get install gcc libc6-dev)')
for (const line of skipped) console.log(line)

const measured: IdleMemory[] = []
const failures: string[] = []
for (const spec of available) {
  try {
    console.log(`${spec.name}: ${spec.idle} connections`)
    measured.push(await measureIdle(spec, scratch))
  } catch (error) {
    failures.push(failureLine(spec.name, error))
  }
}

const rows = measured.sort((left, right) => left.perConnection.pss - right.perConnection.pss)
const machine = describeMachine()
const notes = [...scaledNotes(rows), ...skipped, ...failures]
console.log(`\n${inWords(machine)}\n${method}\n\n${textTable(memoryTable(rows))}\n`)
for (const note of notes) console.log(note)

// A run without Tined would only replace the results of one that says something.
if (rows.some(({ role }) => role === 'tined')) {
  writeJson('memory.json', { machine, skipped, failures, servers: rows })
  writeResult('memory.md', memoryPage(rows, machine, notes))
}

judge(memoryClaims(rows))
