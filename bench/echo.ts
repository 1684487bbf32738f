// 64-byte ping-pong over connections that stay: Tined's loop worker against C, Node's net and Python; and what silent connections cost.
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { compile, hasCompiler, makeScratch } from './lib/compile.js'
import { echoClaims, echoPage, echoTable, idleTable } from './lib/echo-report.js'
import { runEchoRounds } from './lib/echo-rounds.js'
import { epollEcho, nodeNet, pythonAsyncio, tinedAsync, tinedEpoll, tinedPoll, tinedSelect } from './lib/echo-specs.js'
import { lineChart } from './lib/line-chart.js'
import { describeMachine, inWords } from './lib/machine.js'
import { onPath } from './lib/paths.js'
import { writeJson, writeResult } from './lib/results.js'
import { selectAvailable } from './lib/server-spec.js'
import { textTable } from './lib/table.js'

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })

function refuse(reason: string): never {
  console.error(reason)
  process.exit(1)
}

if (!hasCompiler()) refuse('There is no C compiler (cc) for the load client, which is C: apt-get install gcc libc6-dev')
if (!onPath('taskset')) refuse('Server and client need a core each (taskset: apt-get install util-linux)')

const effort = flags.quick ? { rounds: 4, seconds: 0.4 } : { rounds: 10, seconds: 0.6 }
const scratch = makeScratch()
const bench = {
  ...effort,
  scratch,
  client: ['taskset', '-c', '1', compile('ping-pong', scratch)],
  serverPrefix: ['taskset', '-c', '0'],
}
const { seconds, rounds } = effort

const { available, skipped } = selectAvailable([
  epollEcho(compile('epoll-echo', scratch)),
  tinedEpoll,
  tinedAsync,
  tinedPoll,
  tinedSelect,
  nodeNet,
  pythonAsyncio,
])
const busy = [1, 50, 500, 5000].map((clients) => ({ clients, idle: 0, seconds }))
const echoed = await runEchoRounds(available, { ...bench, parties: busy })

const silent = [10, 100, 1000, 5000, 10_000].map((idle) => ({ clients: 10, idle, seconds }))
const pollers = [tinedEpoll, tinedPoll, tinedSelect]
const held = await runEchoRounds(pollers, { ...bench, parties: silent, rounds: Math.ceil(rounds / 2) })

const machine = describeMachine()
const method =
  'Each connection sends 64 bytes, waits for all of them, checks them and sends the next. ' +
  `The best of ${rounds} interleaved rounds of ${seconds} s, because other programs on the machine can only take away; each round with a server started afresh and warmed up, server and client on a core each.`
const notes = [...skipped, ...echoed.failures, ...held.failures]
console.log(
  `\n${inWords(machine)}\n${method}\n\n${textTable(echoTable(echoed.rows))}\n\n${textTable(idleTable(held.rows))}\n`,
)
for (const note of notes) console.log(note)

// A run without Tined would only replace the results of one that says something.
if (echoed.rows.some(({ role }) => role === 'tined')) {
  writeJson('echo.json', { machine, ...effort, skipped, servers: echoed.rows, silent: held.rows })
  writeResult('echo.md', echoPage(echoed.rows, held.rows, machine, method, notes))
  const lines = held.rows.map(({ name, at }) => ({
    name: name.replace(/^Tined (\w+),.*$/, '$1'),
    points: at.map(({ party, cpuNs }) => ({ x: party.idle, y: cpuNs / 1000 })),
  }))
  const chart = {
    title: 'What silent connections cost those that talk',
    note: inWords(machine),
    xAxis: 'silent connections, beside ten that play ping-pong',
    yAxis: 'CPU time of the server for a message, µs',
    lines,
  }
  writeResult('echo-idle.svg', lineChart(chart))
}

judge(echoClaims(echoed.rows, { tined: tinedEpoll.name, net: nodeNet.name }))
