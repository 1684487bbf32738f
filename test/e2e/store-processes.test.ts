/** The processes of a store: what each holds, and that none waits for a client. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownDescriptorsOf, sharedWith } from '../harness/same-file.js'
import { connectionsOf, killWriter, messagesOf, type TestStore, withStore, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

/** `['pipe', 'socket', 'the file']`, one entry a descriptor, without what V8's and libuv's loops have for themselves. */
function kindsOf(pid: number, file: string): string[] {
  const all = ownDescriptorsOf(pid)
  const loops = /^(\/dev\/null|anon_inode:\[(eventpoll|eventfd|io_uring)\])$/
  return all
    .filter(({ target }) => !loops.test(target))
    .filter(({ target }) => !target.startsWith('pipe:') || all.filter((other) => other.target === target).length === 1)
    .map(({ target }) =>
      target === file ? 'the file' : target.replace(/^anon_inode:\[(.*)\]$/, '$1').replace(/:\[\d+\]$/, ''),
    )
    .sort()
}

async function withTwoClients({ server }: TestStore, check: (connections: number[]) => void): Promise<void> {
  const clients = [await server.connect(), await server.connect()]
  for (const client of clients) assert.equal(await client.exchange('hello\n'), 'hello\n')
  const pids = await until('two connection processes', () => {
    const connections = connectionsOf(server)
    return connections.length === 2 && connections
  })
  check(pids)
  for (const client of clients) client.close()
  await until('no connection process', () => connectionsOf(server).length === 0)
}

test('a connection process holds its client, its own socket to the writer, and an end of the registrations', async () => {
  await withStore({}, async (store) => {
    await withTwoClients(store, (connections) => {
      for (const pid of connections) assert.deepEqual(kindsOf(pid, store.file), ['socket', 'socket', 'socket'])
      const [one, two] = connections as [number, number]
      assert.deepEqual(
        sharedWith(one, two).map(({ target }) => target.replace(/:.*/, '')),
        ['socket'],
        'where they come to the writer, and nothing else',
      )
    })
  })
})

test('the writer holds the file, its end of the registrations, and one socket a connection; no client, no listener', async () => {
  await withStore({}, async (store) => {
    const { server, file } = store
    // the report to the supervisor, the memory that it has with it, registrations, and where the file is kept for the next writer
    const alone = ['/memfd:tined store (deleted)', 'pipe', 'signalfd', 'socket', 'socket', 'socket', 'the file']
    const writer = writerOf(server) as number
    assert.deepEqual(kindsOf(writer, file), alone)
    await withTwoClients(store, (connections) => {
      assert.deepEqual(kindsOf(writer, file), [...alone, 'socket', 'socket'].sort())
      for (const pid of connections) assert.deepEqual(sharedWith(writer, pid), [])
    })
    await until('the connections are forgotten', () => kindsOf(writer, file).length === alone.length)
    await killWriter(server)
    const next = writerOf(server) as number
    await until('the next writer is settled', () => kindsOf(next, file).length >= alone.length)
    assert.deepEqual(kindsOf(next, file), alone, 'the next writer holds the same')
    await server.stop()
  })
})

test('a client that never reads does not stop others', async () => {
  await withStore({}, async ({ server, file }) => {
    const deaf = await server.connect()
    deaf.socket.pause()
    const megabyte = `${'deaf '.repeat(200)}\n`.repeat(1000)
    for (let round = 0; round < 20; round++) deaf.send(megabyte)
    const lively = await server.connect()
    for (let round = 0; round < 200; round++) assert.equal(await lively.exchange(`${round}\n`), `${round}\n`)
    await until('the deaf one is not read any more', () => deaf.socket.writableLength > 0)
    const stored = messagesOf(file).length
    assert.ok(stored < 20_000, `${stored} messages were taken`)
    lively.close()
    deaf.socket.on('error', () => {})
    deaf.reset()
    await until('no connections', () => connectionsOf(server).length === 0)
  })
})

test('a stopped connection process does not stop others', async () => {
  await withStore({}, async ({ server }) => {
    const first = await server.connect()
    assert.equal(await first.exchange('one\n'), 'one\n')
    const [pid] = connectionsOf(server) as [number]
    process.kill(pid, 'SIGSTOP')
    first.send('two\n'.repeat(1000))
    const second = await server.connect()
    for (let round = 0; round < 100; round++) assert.equal(await second.exchange(`${round}\n`), `${round}\n`)
    process.kill(pid, 'SIGCONT')
    assert.equal((await first.take(4000)).length, 4000)
    first.close()
    second.close()
    await until('no connections', () => connectionsOf(server).length === 0)
  })
})

test('a connection process that is killed leaves no trace in the writer', async () => {
  await withStore({}, async ({ server, file }) => {
    const writer = writerOf(server) as number
    const before = ownDescriptorsOf(writer).length
    for (let round = 0; round < 5; round++) {
      const client = await server.connect()
      client.socket.on('error', () => {})
      assert.equal(await client.exchange(`${round}\n`), `${round}\n`)
      client.send(`${'x'.repeat(60_000)}\n`.repeat(10))
      for (const pid of connectionsOf(server)) process.kill(pid, 'SIGKILL')
      await client.gone()
      client.close()
    }
    await until('the writer lets go', () => ownDescriptorsOf(writer).length === before)
    for (const message of messagesOf(file)) assert.ok(message.length < 2 || message.length === 60_000)
    assert.equal(writerOf(server), writer)
  })
})
