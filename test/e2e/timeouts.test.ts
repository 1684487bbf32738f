/** Deadlines of a connection: a first byte in time, and no silence longer than allowed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fixture, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const finished = 'connection process exited with status 0: finished'

for (const style of ['none', 'node', 'async']) {
  test(`a client of ${style} that sends nothing is dropped at the first-byte time-out, greeted or not`, async () => {
    await withServer(fixture('greeting.js', { firstByteTimeoutMs: 200 }, style), async (server) => {
      const silent = await server.connect()
      const before = performance.now()
      assert.equal((await silent.rest(3000)).toString(), 'welcome')
      const waitedMs = performance.now() - before
      assert.ok(waitedMs > 150 && waitedMs < 2000, `${waitedMs} ms`)
      assert.equal(await server.endOf(silent), finished)
      await server.printed('error no first byte within 200 ms\n')
      silent.close()
    })
  })

  test(`a client of ${style} that sent its first byte in time may be silent after it`, async () => {
    await withServer(fixture('greeting.js', { firstByteTimeoutMs: 150 }, style), async (server) => {
      const client = await server.connect()
      await client.take(7)
      await client.exchange('x')
      await delay(300)
      assert.equal(await client.exchange('still here'), 'still here')
      client.close()
    })
  })

  test(`a client of ${style} is dropped when it is idle for too long, and not while it talks`, async () => {
    await withServer(fixture('greeting.js', { idleTimeoutMs: 300 }, style), async (server) => {
      const client = await server.connect()
      await client.take(7)
      for (let round = 0; round < 5; round++) {
        await client.exchange('ping')
        await delay(100)
      }
      const before = performance.now()
      await client.rest(3000)
      assert.ok(performance.now() - before < 1500)
      assert.equal(await server.endOf(client), finished)
      await server.printed('error idle for 300 ms\n')
      client.close()
    })
  })
}

test('the tined command takes both time-outs', async () => {
  const flags = ['--first-byte-timeout', '150ms', '--idle-timeout', '0.4s', '--log', 'json', '--log-level', 'debug']
  await withServer(tined('echo', '--listen', '127.0.0.1:0', ...flags), async (server) => {
    const silent = await server.connect()
    const talking = await server.connect()
    await talking.exchange('hello')
    await silent.rest(1000)
    assert.equal(await talking.exchange('longer'), 'longer')
    await talking.rest(2000)
    silent.close()
    talking.close()
    await server.connections(0)
  })
})

for (const model of ['fork', 'prefork', 'multiplex', 'single'])
  test(`a time-out is logged with its reason and the client (model ${model})`, async () => {
    const flags = [
      '--port',
      '0',
      '--model',
      model,
      '--log',
      'json',
      '--first-byte-timeout',
      '100ms',
      '--idle-timeout',
      '0.3s',
    ]
    await withServer(tined('echo', ...flags), async (server) => {
      for (const [sent, reason] of [
        ['', 'no first byte within 100 ms'],
        ['hello', 'idle for 300 ms'],
      ] as const) {
        const client = await server.connect()
        if (sent !== '') await client.exchange(sent)
        await client.rest(3000)
        const { peer, level } = await server.logged(reason, ({ msg }) => msg === `connection lost: ${reason}`)
        assert.equal(peer, client.name)
        assert.equal(level, 30)
        client.close()
      }
    })
  })
