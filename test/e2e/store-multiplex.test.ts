/** The store in model multiplex: many clients in one process, none of which waits for another's messages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { titleOf } from '../harness/proc.js'
import { messagesOf, recordsOf, withStore } from '../harness/store.js'
import { until } from '../harness/until.js'

test('clients of two workers are stored once each, and numbered among all', async () => {
  await withStore({ model: 'multiplex', args: ['--workers', '2'] }, async ({ server, file }) => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => server.connect()))
    const said = clients.map((_, index) => `client ${index}\n`)
    for (let round = 0; round < 3; round++)
      assert.deepEqual(await Promise.all(clients.map((client, index) => client.exchange(said[index] as string))), said)
    for (const client of clients) client.close()
    const records = recordsOf(file)
    assert.equal(records.length, 60)
    assert.equal(new Set(records.map(({ connection }) => connection)).size, 20)
    assert.deepEqual(new Set(records.map(({ n }) => n)), new Set([1, 2, 3]))
  })
})

test('what a client sent before it broke off is stored, also when the server drains meanwhile', async () => {
  await withStore({ model: 'multiplex' }, async ({ server, file }) => {
    const lines = 3000
    const client = await server.connect()
    await client.exchange('first\n')
    client.send('x\n'.repeat(lines)).end()
    await client.take(2)
    server.signal('SIGTERM')
    client.close()
    assert.deepEqual(await server.finished(), { code: 0, signal: null })
    // the reset may have thrown away what the server had not read; what it had read came in order
    const stored = messagesOf(file).map(String)
    assert.equal(stored[0], 'first')
    assert.ok(stored.length > 1 && stored.length <= lines + 1, `${stored.length}`)
  })
})

test('when the writer is killed, the clients of a worker are answered by the next one', async () => {
  await withStore({ model: 'multiplex' }, async ({ server, file }) => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => server.connect()))
    await Promise.all(clients.map((client) => client.exchange('before\n')))
    const writer = server.observe().find((pid) => titleOf(pid) === 'tined: writer') as number
    process.kill(writer, 'SIGKILL')
    await Promise.all(clients.map((client) => client.exchange('after\n')))
    assert.equal(messagesOf(file).length, 10)
    for (const client of clients) client.close()
    await until('they have left', () => !server.observe().includes(writer))
    await server.stop()
  })
})
