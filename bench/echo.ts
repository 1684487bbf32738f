// 64-byte ping-pong over connections that stay: Tined's loop worker against C, Node's net and Python.
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { compile, compileGo } from './lib/compile.js'
import { echoBench } from './lib/echo-bench.js'
import { echoBeside } from './lib/echo-beside.js'
import { echoChart } from './lib/echo-chart.js'
import { echoClaims, echoPage, echoTable } from './lib/echo-report.js'
import { runEchoRounds } from './lib/echo-rounds.js'
import {
  bunEcho,
  epollEcho,
  goEcho,
  nodeNet,
  pythonAsyncio,
  tinedAsync,
  tinedEpoll,
  tinedPoll,
  tinedSelect,
} from './lib/echo-specs.js'
import { describeMachine, inWords } from './lib/machine.js'
import { writeJson, writeResult } from './lib/results.js'
import { selectAvailable } from './lib/server-spec.js'
import { textTable } from './lib/table.js'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    // the folder of another checkout, built: what a change did
    beside: { type: 'string' },
  },
})

const effort = flags.quick ? { rounds: 5, seconds: 0.3 } : { rounds: 15, seconds: 0.4 }
const bench = { ...effort, ...echoBench() }
const { seconds, rounds } = effort

if (flags.beside !== undefined) {
  const parties = [1, 50, 500].map((clients) => ({ clients, idle: 0, seconds }))
  console.log(await echoBeside(flags.beside, { ...bench, parties }))
  process.exit(0)
}

const { available, skipped } = selectAvailable([
  epollEcho(compile('epoll-echo', bench.scratch)),
  tinedEpoll,
  tinedAsync,
  tinedPoll,
  tinedSelect,
  nodeNet,
  bunEcho,
  goEcho(compileGo('go-echo', bench.scratch)),
  pythonAsyncio,
])
const busy = [1, 50, 500, 5000].map((clients) => ({ clients, idle: 0, seconds }))
const echoed = await runEchoRounds(available, { ...bench, parties: busy })

const machine = describeMachine()
const method =
  'Each connection sends 64 bytes, waits for all of them, checks them and sends the next. ' +
  `Medians of ${rounds} rounds of ${seconds} s, server and client on a core each; in a round one server comes right after the other, and "of C" is the median of the ratios of each round, because what other programs on the machine do falls on neighbours alike.`
const notes = [...skipped, ...echoed.failures]
console.log(`\n${inWords(machine)}\n${method}\n\n${textTable(echoTable(echoed.rows))}\n`)
for (const note of notes) console.log(note)

// A run without Tined would only replace the results of one that says something.
if (echoed.rows.some(({ role }) => role === 'tined')) {
  writeJson('echo.json', { machine, ...effort, skipped, servers: echoed.rows })
  writeResult('echo.md', echoPage(echoed.rows, machine, method, notes))
  writeResult('echo.svg', echoChart(echoed.rows, machine, [tinedPoll.name, tinedSelect.name]))
}

judge(echoClaims(echoed.rows, { tined: tinedEpoll.name, net: nodeNet.name }))
