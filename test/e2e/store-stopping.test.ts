/** How a store stops: nothing that came back is missing, and the writer is the last to go. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Client } from '../harness/client.js'
import { isAlive } from '../harness/proc.js'
import { connectionsOf, killWriter, MODELS, messagesOf, withStore, writerOf } from '../harness/store.js'
import { Talker } from '../harness/talker.js'
import { until } from '../harness/until.js'

const clean = { code: 0, signal: null }

for (const model of MODELS)
  test(`SIGTERM with messages in flight: running connections finish (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      const clients = await Promise.all(Array.from({ length: model === 'single' ? 1 : 5 }, () => server.connect()))
      const talkers = clients.map((client, index) => new Talker(client, `t${index}`, [50, 5000]).start())
      await until('echoes', () => talkers.every(({ echoed }) => echoed > 50))
      server.signal('SIGTERM')
      const before = talkers.map(({ echoed }) => echoed)
      await until('more echoes', () => talkers.every(({ echoed }, index) => echoed > (before[index] as number) + 50))
      for (const talker of talkers) talker.stop()
      assert.deepEqual(await server.finished(), clean)
      for (const { sent, echoed } of talkers) assert.equal(echoed, sent.length)
      const stored = messagesOf(file).map((message) => message.toString('latin1'))
      assert.deepEqual(stored.sort(), talkers.flatMap(({ sent }) => sent).sort())
    })
  })

for (const model of MODELS)
  test(`SIGINT under load: what came back is there (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      const clients = await Promise.all(Array.from({ length: model === 'single' ? 1 : 5 }, () => server.connect()))
      for (const client of clients) client.socket.on('error', () => {})
      const talkers = clients.map((client, index) => new Talker(client, `t${index}`, [50, 5000]).start())
      await until('echoes', () => talkers.every(({ echoed }) => echoed > 50))
      assert.deepEqual(await server.stop('SIGINT'), clean)
      await Promise.all(clients.map((client) => client.gone()))
      const stored = new Set(messagesOf(file).map((message) => message.toString('latin1')))
      for (const { sent, echoed } of talkers)
        for (const line of sent.slice(0, echoed)) assert.ok(stored.has(line), line.slice(0, 20))
    })
  })

test('SIGTERM to the writer makes it finish, and another one takes its place', async () => {
  await withStore({}, async ({ server, file }) => {
    const client = await server.connect()
    assert.equal(await client.exchange('one\n'), 'one\n')
    const first = writerOf(server) as number
    process.kill(first, 'SIGTERM')
    await until('the writer ends', () => !isAlive(first))
    assert.equal(await client.exchange('two\n'), 'two\n')
    assert.deepEqual(messagesOf(file).map(String), ['one', 'two'])
    const killed = server.log.filter(({ msg }) => msg.includes('killed'))
    assert.deepEqual(killed, [], 'it has ended by itself')
    client.close()
    await until('no connections', () => connectionsOf(server).length === 0)
    assert.deepEqual(await server.stop(), clean)
  })
})

test('a writer that begins in the middle of a drain, when the listening sockets are closed, writes to the file what belongs there only', async () => {
  const socketFile = join(tmpdir(), `tined-stopping-${process.pid}`)
  // as many as a pipe has ends
  const args = ['--listen', `unix:${socketFile}`, '--listen', `unix:${socketFile}-2`]
  await withStore({ model: 'multiplex', args }, async ({ server, file }) => {
    const client = await Client.connect(`unix:${socketFile}`)
    assert.equal(await client.exchange('one\n'), 'one\n')
    server.signal('SIGTERM')
    await server.logged('the drain', ({ msg }) => msg.startsWith('draining'))
    await killWriter(server)
    assert.equal(await client.exchange('two\n'), 'two\n')
    client.end()
    assert.deepEqual(await server.finished(), clean)
    client.close()
    assert.deepEqual(messagesOf(file).map(String), ['one', 'two'])
  })
})
