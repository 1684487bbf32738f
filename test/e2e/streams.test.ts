/** Bytes in both directions: partial writes, half-close, back-pressure, resets. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import net from 'node:net'
import { test } from 'node:test'
import { converse, target } from '../harness/client.js'
import { privateBytes } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const MB = 1024 * 1024
const echoes = ['echo-callbacks.js', 'echo-node-callbacks.js', 'echo-async.js']

for (const name of echoes)
  test(`a client of ${name} that sends 8 MB and half-closes gets every byte back`, async () => {
    await withServer(fixture(name), async (server) => {
      const sent = randomBytes(8 * MB)
      const got = await converse(server.address, sent)
      assert.equal(got.length, sent.length)
      assert.ok(got.equals(sent))
      await server.connections(0)
    })
  })

/** Sends without ever reading, until the kernel takes no more. */
async function sendWithoutReading(server: TestServer, megabytes: number): Promise<net.Socket> {
  const socket = net.connect(target(server.address))
  socket.pause()
  socket.on('error', () => {})
  let taken = 0
  let movedAt = performance.now()
  for (let chunk = 0; chunk < megabytes; chunk++)
    socket.write(Buffer.alloc(MB), () => {
      taken++
      movedAt = performance.now()
    })
  await until('nothing moves any more', () => performance.now() - movedAt > 150)
  assert.ok(taken < megabytes, 'the server took everything')
  return socket
}

for (const name of echoes)
  test(`a client of ${name} that never reads is not read either, and harms nobody else`, async () => {
    await withServer(fixture(name), async (server) => {
      const calm = await server.connect()
      await calm.exchange('hello')
      const [calmPid] = await server.connections(1)
      const socket = await sendWithoutReading(server, 64)
      const stuckPid = (await server.connections(2)).find((pid) => pid !== calmPid) as number
      const extra = privateBytes(stuckPid) - privateBytes(calmPid as number)
      assert.ok(extra < 24 * MB, `the stuck connection costs ${Math.round(extra / MB)} MB more than a calm one`)
      assert.equal(await calm.exchange('still served'), 'still served')
      assert.equal((await converse(server.address, 'and so am I')).toString(), 'and so am I')
      server.signal('SIGINT')
      assert.deepEqual(await server.finished(), { code: 0, signal: null })
      socket.destroy()
      calm.close()
    })
  })

test('what a handler wrote before it returned reaches a client that is slow to read', async () => {
  await withServer(fixture('talkative.js'), async (server) => {
    const socket = net.connect(target(server.address))
    socket.pause()
    await server.connections(1)
    // longer than a connection lingers after everything was sent
    const patient = performance.now() + 2300
    await until('the server has waited long enough', () => performance.now() > patient)
    let received = 0
    socket.on('data', (chunk) => {
      received += chunk.length
    })
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
    assert.equal(received, 16 * MB)
  })
})

test('a handler may end its side first and go on reading', async () => {
  await withServer(fixture('half-close.js'), async (server) => {
    const client = await server.connect()
    assert.equal((await client.rest()).toString(), 'that is all')
    client.send(Buffer.alloc(MB)).end()
    await server.printed(`read ${MB}\n`)
    assert.equal(await server.endOf(client), 'connection process exited with status 0: finished')
    client.close()
  })
})

for (const name of echoes) {
  test(`a client of ${name} that breaks off with a reset ends its own process only`, async () => {
    await withServer(fixture(name), async (server) => {
      const other = await server.connect()
      await other.exchange('hello')
      const idle = await server.connect()
      await idle.exchange('hello')
      idle.reset()
      assert.equal(await server.endOf(idle), 'connection process exited with status 0: finished')
      const busy = await server.connect()
      busy.send(Buffer.alloc(4 * MB))
      await busy.take(MB)
      busy.reset()
      assert.equal(await server.endOf(busy), 'connection process exited with status 0: finished')
      assert.equal(await other.exchange('still here'), 'still here')
      other.close()
    })
  })

  test(`a client of ${name} that says nothing and leaves is a connection like any other`, async () => {
    await withServer(fixture(name), async (server) => {
      const client = await server.connect()
      client.end()
      assert.equal((await client.rest()).length, 0)
      assert.equal(await server.endOf(client), 'connection process exited with status 0: finished')
      client.close()
    })
  })
}

test('200 clients are served at once, each by a process of its own', async () => {
  await withServer(fixture('echo-callbacks.js'), async (server) => {
    const clients = await Promise.all(Array.from({ length: 200 }, () => server.connect()))
    const answers = await Promise.all(clients.map((client, index) => client.exchange(`client ${index}`)))
    assert.deepEqual(
      answers,
      clients.map((_, index) => `client ${index}`),
    )
    assert.equal((await server.connections(200)).length, 200)
    for (const client of clients) client.end()
    await Promise.all(clients.map((client) => client.rest()))
    for (const client of clients) client.close()
    await server.connections(0)
    const { forked, running, reaped } = await server.stats()
    assert.deepEqual({ forked, running, reaped }, { forked: 200, running: 0, reaped: 200 })
  })
})
