// Ten thousand connections at once: held by one loop worker, and by a process each. All are echoed on, kept, and asked again.
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { compile, hasCompiler, makeScratch } from './lib/compile.js'
import { failureLine } from './lib/failure.js'
import { describeMachine, inWords } from './lib/machine.js'
import { tinedProgram } from './lib/paths.js'
import { Player } from './lib/ping-pong.js'
import { processTree } from './lib/process-tree.js'
import { writeJson, writeResult } from './lib/results.js'
import { startServer } from './lib/run-server.js'
import { type ServerSpec, usual } from './lib/server-spec.js'
import { growth, type Memory, sumMemory } from './lib/smaps.js'
import { markdownTable, textTable } from './lib/table.js'

const { values: flags } = parseArgs({ options: { connections: { type: 'string', default: '10000' } } })
const connections = Number(flags.connections)
if (!hasCompiler()) {
  console.error('There is no C compiler (cc) for the load client, which is C: apt-get install gcc libc6-dev')
  process.exit(1)
}

const scratch = makeScratch()
const client = [compile('ping-pong', scratch)]

const holder = (name: string, model: string): ServerSpec => ({
  ...usual,
  name,
  role: 'tined',
  command: process.execPath,
  args: ({ portFile }) => [
    ...[tinedProgram, 'echo', '--model', model, '--listen', '127.0.0.1:0', '--port-file', portFile],
    ...['--max-connections', String(connections + 10), '--log-level', 'warn'],
  ],
  ready: 'port-file',
  missing: () => undefined,
})

interface Held {
  readonly name: string
  readonly processes: number
  readonly openSeconds: number
  readonly answered: number
  readonly stopSeconds: number
  readonly perConnection: Memory
}

async function hold(spec: ServerSpec): Promise<Held> {
  const server = await startServer(spec, scratch, [])
  let running = true
  const stop = async (): Promise<void> => {
    if (running) await server.stop()
    running = false
  }
  try {
    const before = sumMemory(processTree(server.leader))
    const opened = performance.now()
    const player = new Player(client, server.port, { clients: 1, idle: connections, seconds: 0.1 })
    await player.ready()
    const openSeconds = (performance.now() - opened) / 1000
    const tree = processTree(server.leader)
    const perConnection = growth(before, sumMemory(tree), connections)
    await player.play()
    const answered = await player.finish()
    const stopped = performance.now()
    await stop()
    const stopSeconds = (performance.now() - stopped) / 1000
    return { name: spec.name, processes: tree.length, openSeconds, answered, stopSeconds, perConnection }
  } finally {
    await stop()
  }
}

const measured: Held[] = []
const failures: string[] = []
for (const spec of [holder('one loop worker (epoll)', 'epoll'), holder('fork, a process each', 'fork')]) {
  try {
    console.log(`${spec.name}: ${connections} connections`)
    measured.push(await hold(spec))
  } catch (error) {
    failures.push(failureLine(spec.name, error))
  }
}

const rows = [
  ['held by', 'processes', 'PSS KB', 'page tables KB', 'opened in s', 'answered again', 'stopped in s'],
  ...measured.map(({ name, processes, perConnection, openSeconds, answered, stopSeconds }) => [
    name,
    String(processes),
    perConnection.pss.toFixed(1),
    perConnection.pageTables.toFixed(1),
    openSeconds.toFixed(1),
    String(answered),
    stopSeconds.toFixed(1),
  ]),
]
const machine = describeMachine()
console.log(`\n${inWords(machine)}\n\n${textTable(rows)}\n`)
if (measured.length > 0) {
  const about = `${inWords(machine)}. ${connections} connections, each echoed on once, then silent, then asked again. Memory is what the whole server grew by, for one connection; the kernel's own for sockets and processes is not in PSS.`
  writeJson('hold.json', { machine, connections, failures, servers: measured })
  writeResult('hold.md', ['# Ten thousand connections', '', about, '', markdownTable(rows), ''].join('\n'))
}
judge(
  measured.map(({ name, answered }) => ({
    says: `${name}: ${answered} of ${connections} answered`,
    holds: answered === connections,
  })),
)
