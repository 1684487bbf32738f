/** README's charts and figures are those of bench/results. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { rateChart } from '../../bench/lib/connection-report.js'
import { echoChart } from '../../bench/lib/echo-chart.js'
import { type EchoRow, pairedRatio } from '../../bench/lib/echo-rounds.js'
import { tinedPoll, tinedSelect } from '../../bench/lib/echo-specs.js'
import type { IdleMemory } from '../../bench/lib/idle-memory.js'
import type { Machine } from '../../bench/lib/machine.js'
import type { Measured } from '../../bench/lib/rounds.js'
import { ownAsync, ownCallbacks, ownWaking, tinedPreforkOnce } from '../../bench/lib/tined-specs.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const result = <Row>(name: string): { machine: Machine; servers: Row[] } => JSON.parse(read(`bench/results/${name}`))
const readme = read('README.md').replace(/\s+/g, ' ')
const says = (words: string): void => assert.ok(readme.includes(words), `README.md does not say: ${words}`)

const echoes = result<EchoRow>('echo.json')
const connections = result<Measured>('connections.json')

test('charts show what was measured', () => {
  const leftOut = [tinedPoll.name, tinedSelect.name]
  assert.equal(read('bench/results/echo.svg'), echoChart(echoes.servers, echoes.machine, leftOut))
  assert.equal(
    read('bench/results/connections.svg'),
    rateChart(
      connections.servers.filter(({ role }) => role !== 'ahead'),
      connections.machine,
    ),
  )
})

const echoing = (name: string): EchoRow['at'] => {
  const row = echoes.servers.find((each) => each.name === name)
  return row?.at ?? assert.fail(`echo.json has no ${name}`)
}
/** Tined's messages a second for one of another server, by the number of connections. */
const ahead = (name: string): number[] =>
  echoing('Tined epoll, callbacks').map(({ perSecond }, index) => perSecond / (echoing(name)[index]?.perSecond ?? 0))

test('echoes: beside C, Bun, Go and Node', () => {
  const [c, own] = [echoing('C, epoll'), echoing('Tined epoll, callbacks')]
  const ofC = own.map(({ rates }, index) => pairedRatio(rates, c[index]?.rates ?? []))
  says(`With callbacks ${Math.min(...ofC).toFixed(2)} to ${Math.max(...ofC).toFixed(2)} of a C server on epoll`)
  says('about level with Bun, ahead of Go')
  for (const ratio of ahead('Bun listen')) assert.ok(Math.abs(ratio - 1) < 0.06, `${ratio} of Bun`)
  for (const ratio of ahead('Go net')) assert.ok(ratio > 1, `${ratio} of Go`)
  const ofNode = Math.min(...ahead('Node net').slice(1))
  says(
    `at least ${(Math.floor(ofNode * 10) / 10).toFixed(1)} times Node's \`net\` from ${own[1]?.party.clients} connections on`,
  )
})

/** Of all others the whole name. */
const WITH_A_VERSION = ['Tined, Node ', 'C, accept']
const isCalled =
  (name: string) =>
  (row: { name: string }): boolean =>
    row.name === name || (WITH_A_VERSION.includes(name) && row.name.startsWith(name))
const [BUILT_IN, C] = WITH_A_VERSION as [string, string]
const rates = (name: string): number[] =>
  connections.servers.find(isCalled(name))?.at.map(({ perSecond }) => perSecond) ?? assert.fail(name)
/** With one client, and with twenty. */
const of = (name: string, other: string): [number, number] =>
  rates(name).map((rate, index) => rate / (rates(other)[index] ?? 0)) as [number, number]
const inWords = ([one, twenty]: [number, number]): string => `${one.toFixed(2)} and ${twenty.toFixed(2)}`

test('connections: beside C and the others', () => {
  const own = ownAsync.name
  says(
    `The built-in echo reaches ${inWords(of(BUILT_IN, C))} of a C server that forks, with one client at a time and with twenty; `,
  )
  says(`a handler like the first one above ${inWords(of(own, C))}`)
  const ahead: [ours: string, theirs: string, times: number][] = [
    [BUILT_IN, 'Python ForkingTCPServer', 1],
    [BUILT_IN, 'Perl Net::Server::Fork', 1],
    [own, 'Perl Net::Server::Fork', 1],
    [own, 'Node child_process.fork', 20],
  ]
  for (const [ours, theirs, times] of ahead)
    for (const ratio of of(ours, theirs)) assert.ok(ratio > times, `${ours} is ${ratio} of ${theirs}`)
  assert.ok(of(BUILT_IN, 'tcpserver cat')[0] > 1, 'ahead of tcpserver with one client')
  for (const ratio of of(own, 'Python ForkingTCPServer')) assert.ok(Math.abs(ratio - 1) < 0.06, `${ratio} of Python`)
  for (const ratio of of(own, 'tcpserver cat')) assert.ok(ratio < 1, `${ratio} of tcpserver`)
  for (const ratio of of(BUILT_IN, 'socat PIPE')) assert.ok(ratio < 1, `${ratio} of socat`)
  const restedMs = (name: string): string =>
    ((connections.servers.find(isCalled(name))?.restedP50Us ?? Number.NaN) / 1000).toFixed(2)
  says(
    `a client that comes after a pause has its answer after ${restedMs(tinedPreforkOnce.name)} ms; C that forks takes ${restedMs(C)} ms`,
  )
})

test('memory: what an idle connection takes', () => {
  const servers = result<IdleMemory>('memory.json').servers
  const pssKb = (name: string): number => servers.find(isCalled(name))?.perConnection.pss ?? assert.fail(name)
  says(`takes ${Math.round(pssKb(BUILT_IN))} KB (PSS) with the built-in echo`)
  says(`${Math.round(pssKb(ownAsync.name))} KB with that handler`)
  says(`${(pssKb(ownWaking.name) / 1024).toFixed(1)} MB once its process has become a whole Node`)
})

test('docs/operations.md: what an idle connection takes', () => {
  const servers = result<IdleMemory>('memory.json').servers
  const inKb = (kb: number): string => Math.round(kb).toLocaleString('en')
  const operations = read('docs/operations.md')
  for (const [words, name] of [
    ['callbacks', ownCallbacks.name],
    ['`async`, which waits for its client only', ownAsync.name],
    ['`async`, after it has waited for a timer or a file', ownWaking.name],
  ] as const) {
    const { perConnection, perProcess } = servers.find(isCalled(name)) ?? assert.fail(name)
    const line = `| ${words} | ${inKb(perConnection.pss)} | ${inKb(perProcess.pageTables)} |`
    assert.ok(operations.includes(line), line)
  }
})

interface Ratio {
  median: number
}

test('docs/design.md: what each trick is worth', () => {
  const { rows, rounds } = JSON.parse(read('bench/results/ablation.json')) as {
    rows: { speed: Ratio[]; cpu: Ratio[]; memory: Ratio }[]
    rounds: number
  }
  assert.equal(rounds, 7)
  const design = read('docs/design.md')
  assert.match(design, /the same server with all of them, median of seven paired rounds/)
  const lines = design.slice(
    design.indexOf('| nothing (the noise)'),
    design.indexOf('Only speed depends on any of this'),
  )
  const shown = lines
    .trim()
    .split('\n')
    .map((line) => line.split('|').slice(2, -1).map(Number))
  const measured = rows.map(({ speed, cpu, memory }) =>
    [...speed, cpu[1] as Ratio, memory].map(({ median }) => Number(median.toFixed(2))),
  )
  assert.deepEqual(shown, measured)
})
