// What connections that are silent cost those that talk, over select, poll and epoll: the reason to look beyond select.
import { parseArgs } from 'node:util'
import { judge } from './lib/claims.js'
import { echoBench } from './lib/echo-bench.js'
import { silentPage, silentTable } from './lib/echo-report.js'
import { runEchoRounds } from './lib/echo-rounds.js'
import { tinedEpoll, tinedPoll, tinedSelect } from './lib/echo-specs.js'
import { lineChart } from './lib/line-chart.js'
import { describeMachine, inWords } from './lib/machine.js'
import { writeJson, writeResult } from './lib/results.js'
import { textTable } from './lib/table.js'

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const effort = flags.quick ? { rounds: 2, seconds: 0.3 } : { rounds: 3, seconds: 0.5 }
const counts = [10, 100, 1000, 5000, 10_000]
const parties = counts.map((idle) => ({ clients: 10, idle, seconds: effort.seconds }))
const { rows, failures } = await runEchoRounds([tinedEpoll, tinedPoll, tinedSelect], {
  ...effort,
  ...echoBench(),
  parties,
})

const machine = describeMachine()
console.log(`\n${inWords(machine)}\n\n${textTable(silentTable(rows))}\n`)
if (rows.length > 0) {
  writeJson('silent.json', { machine, ...effort, failures, servers: rows })
  writeResult('silent.md', silentPage(rows, machine, effort.rounds))
  const chart = {
    title: 'What silent connections cost those that talk',
    note: inWords(machine),
    xAxis: 'silent connections, beside ten that play ping-pong',
    yAxis: 'CPU time of the server for a message, µs',
    lines: rows.map(({ name, at }) => ({
      name: name.replace(/^Tined (\w+),.*$/, '$1'),
      points: at.map(({ party, cpuNs }) => ({ x: party.idle, y: cpuNs / 1000 })),
    })),
  }
  writeResult('silent.svg', lineChart(chart))
}

// ten times what it takes without them would be select's answer
const epoll = rows.find(({ name }) => name === tinedEpoll.name)?.at.map(({ cpuNs }) => cpuNs) ?? []
const [few = Number.NaN] = epoll
const many = epoll.at(-1) ?? Number.NaN
judge([
  {
    says: `epoll: 10,000 silent connections at most double a message's cost: ${(many / few).toFixed(2)}`,
    holds: many / few <= 2,
  },
])
