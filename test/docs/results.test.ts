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
import type { Machine } from '../../bench/lib/machine.js'
import type { Measured } from '../../bench/lib/rounds.js'

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
  assert.equal(read('bench/results/connections.svg'), rateChart(connections.servers, connections.machine))
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

test('connections: beside C and the others', () => {
  const rates = (name: string): number[] =>
    connections.servers.find((row) => row.name.startsWith(name))?.at.map(({ perSecond }) => perSecond) ??
    assert.fail(name)
  const of = (name: string): number[] => rates('Tined').map((rate, index) => rate / (rates(name)[index] ?? 0))
  assert.deepEqual(
    of('C, accept').map((ratio) => Math.round(1 / ratio)),
    [4, 5],
  )
  says('A quarter of what a C server that forks reaches with one client at a time, a fifth with twenty')
  for (const name of ['Python', 'Perl']) for (const ratio of of(name)) assert.ok(ratio > 1, `${ratio} of ${name}`)
  for (const ratio of of('socat PIPE')) assert.ok(ratio < 1, `${ratio} of socat`)
  for (const ratio of of('Node child_process.fork')) assert.ok(ratio > 100, `${ratio} of child_process.fork`)
})

test('memory: the two handlers', () => {
  const rows = read('bench/results/memory.md').split('\n')
  const pssKb = (name: string): number =>
    Number(
      rows
        .find((row) => row.includes(name))
        ?.split('|')[3]
        ?.replaceAll(',', ''),
    )
  says(`takes ${pssKb('Tined, synchronous handler')} KB (PSS)`)
  says(`${(pssKb('Tined, asynchronous handler') / 1024).toFixed(1)} MB when it runs Node's event loop`)
})
