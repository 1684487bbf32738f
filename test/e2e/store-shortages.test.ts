/** A store that runs out of descriptors, wherever that is: senders wait, none is lost, and it is said once. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import type { Client } from '../harness/client.js'
import { asNobody, noNobody, noPrlimit } from '../harness/nobody.js'
import { childrenOf, descriptorsOf, titleOf } from '../harness/proc.js'
import type { TestServer } from '../harness/server.js'
import { connectionsOf, killWriter, messagesOf, withStore, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

const limit = (pid: number, descriptors: number, under: readonly string[] = []): void => {
  const [command = '', ...args] = [...under, 'prlimit', '--pid', `${pid}`, `--nofile=${descriptors}:`]
  execFileSync(command, args)
}

const PLENTY = 1024
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}\n`)

/** Connects as many clients as there are lines; each sends one. */
const sendAll = (server: TestServer, lines: readonly string[]): Promise<Client[]> =>
  Promise.all(lines.map(async (line) => (await server.connect()).send(line)))

async function assertAnswered(
  clients: readonly Client[],
  lines: readonly string[],
  file: string,
  before: readonly string[] = [],
): Promise<void> {
  const answers = await Promise.all(clients.map((client, index) => client.takeText((lines[index] as string).length)))
  assert.deepEqual(answers, lines)
  const stored = messagesOf(file).map((message) => `${message}\n`)
  assert.deepEqual(stored.sort(), [...before, ...lines].sort())
  for (const client of clients) client.close()
}

const said = (server: TestServer, words: RegExp): number => server.log.filter(({ msg }) => words.test(msg)).length

for (const model of ['fork', 'multiplex'] as const) {
  test(`the writer dies while the supervisor has no descriptor left (${model})`, { skip: noPrlimit }, async () => {
    await withStore({ model }, async ({ server, file }) => {
      const writer = (await until('a writer', () => writerOf(server))) as number
      limit(server.supervisor, 3)
      process.kill(writer, 'SIGKILL')
      await server.logged('the shortage', ({ msg }) => msg.startsWith('cannot start: EMFILE'))
      const since = performance.now()
      await until('it has tried again', () => performance.now() - since > 300)
      assert.equal(said(server, /^cannot start/), 1, 'it is said once')
      limit(server.supervisor, PLENTY)
      const lines = names(5)
      await assertAnswered(await sendAll(server, lines), lines, file)
      assert.deepEqual(await server.stop(), { code: 0, signal: null })
    })
  })
}

test('a writer without a free descriptor lets further senders wait', { skip: noPrlimit }, async () => {
  await withStore({ model: 'fork' }, async ({ server, file }) => {
    const writer = (await until('a writer', () => writerOf(server))) as number
    const first = await server.connect()
    assert.equal(await first.exchange('first\n'), 'first\n')
    limit(writer, descriptorsOf(writer).length)
    const lines = names(40)
    const clients = await sendAll(server, lines)
    await server.logged('the shortage', ({ msg }) => msg.startsWith('no descriptor is left for further senders'))
    assert.equal(await first.exchange('again\n'), 'again\n', 'whoever is known goes on')
    limit(writer, PLENTY)
    await assertAnswered(clients, lines, file, ['first\n', 'again\n'])
    assert.equal(said(server, /^no descriptor is left/), 1, 'it is said once')
    assert.doesNotMatch(server.stderr, /killed by|failed/)
    first.close()
    await until('no connection', () => connectionsOf(server).length === 0)
  })
})

test('the connections of a worker cost the writer no descriptor', { skip: noPrlimit }, async () => {
  await withStore({ model: 'multiplex', args: ['--workers', '1'] }, async ({ server, file }) => {
    const writer = (await until('a writer', () => writerOf(server))) as number
    const first = await server.connect()
    assert.equal(await first.exchange('first\n'), 'first\n')
    limit(writer, descriptorsOf(writer).length)
    const lines = names(40)
    await assertAnswered(await sendAll(server, lines), lines, file, ['first\n'])
    first.close()
  })
})

test('more descriptors are on the way to the writer than a user may have', { skip: noNobody }, async () => {
  await withStore({ under: asNobody }, async ({ server, file }) => {
    const writer = (await until('a writer', () => writerOf(server))) as number
    limit(server.supervisor, 40, asNobody)
    process.kill(writer, 'SIGSTOP')
    const lines = names(70)
    const clients = await sendAll(server, lines)
    await server.logged('the shortage', ({ msg }) => /cannot be made known to the writer: ETOOMANYREFS/.test(msg))
    process.kill(writer, 'SIGCONT')
    await assertAnswered(clients, lines, file)
    assert.ok(said(server, /cannot be made known/) <= 2, server.stderr)
    limit(server.supervisor, PLENTY, asNobody)
    await until('no connection', () => connectionsOf(server).length === 0)
  })
})

test('a worker that has no descriptor left for its socket to the writer', { skip: noPrlimit }, async () => {
  await withStore({ model: 'multiplex' }, async ({ server, file }) => {
    const worker = childrenOf(server.supervisor).find((pid) => titleOf(pid).startsWith('tined: worker')) as number
    const lines = names(8)
    const sockets = (): number => descriptorsOf(worker).filter(({ target }) => target.startsWith('socket:')).length
    const idle = sockets()
    const clients = await Promise.all(lines.map(() => server.connect()))
    await until('all are accepted', () => sockets() === idle + clients.length)
    limit(worker, 3)
    for (const [index, client] of clients.entries()) client.send(lines[index] as string)
    await server.logged('the shortage', ({ msg }) => /cannot be made known to the writer: EMFILE/.test(msg))
    limit(worker, PLENTY)
    await assertAnswered(clients, lines, file)
    assert.equal(said(server, /cannot be made known/), 1)
  })
})

test('a writer that starts without a free descriptor takes over what the last one has left', {
  skip: noPrlimit,
}, async () => {
  await withStore({}, async ({ server, file }) => {
    const lines = names(20)
    const clients = await sendAll(server, lines)
    await killWriter(server)
    const writer = (await until('a writer', () => writerOf(server))) as number
    limit(writer, descriptorsOf(writer).length)
    const since = performance.now()
    await until('it has been short for a while', () => performance.now() - since > 100)
    // one that could not even begin has made room for another, which is not short
    if (writerOf(server) === writer) limit(writer, PLENTY)
    await assertAnswered(clients, lines, file)
    assert.deepEqual(await server.stop(), { code: 0, signal: null })
  })
})
