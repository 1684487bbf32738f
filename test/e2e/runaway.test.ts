/** Deadlines that need nothing of the handler's thread: what loops for ever is ended, what waits or asks for time is not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { cpuMs } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const styles = ['none', 'node', 'async']
const killed = 'connection process killed by SIGKILL'

for (const style of styles) {
  test(`${style} handlers that loop for ever do not fill a server`, async () => {
    await withServer(fixture('runaway.js', { maxConnections: 3, hungMs: 500 }, style), async (server) => {
      const clients = await Promise.all([server.connect(), server.connect(), server.connect()])
      for (const client of clients) client.send('loop\n')
      const good = await server.connect() // waits in the kernel's queue
      assert.equal(await good.exchange('good\n'), 'good\n')
      for (const client of clients)
        await server.logged('its end', (line) => line['peer'] === client.name && line.msg === killed)
      for (const client of [...clients, good]) client.close()
    })
  })

  test(`a ${style} handler whose client was reset is ended much sooner`, async () => {
    await withServer(fixture('runaway.js', { hungMs: 3000 }, style), async (server) => {
      const client = await server.connect()
      client.send('loop\n')
      const [pid] = (await server.connections(1)) as [number]
      await until('it computes', () => cpuMs(pid) > 100)
      client.reset()
      const { msg } = await server.logged('why', ({ msg }) => /though its client is gone/.test(msg), 2900)
      assert.match(msg, /^connection process at work for \d+ ms though its client is gone: killed$/)
      await server.logged('its end', (line) => line['peer'] === client.name && line.msg === killed)
    })
  })

  test(`a ${style} handler that waits is not taken for one that loops, and one that asks for time has it`, async () => {
    await withServer(fixture('runaway.js', { hungMs: 300 }, style), async (server) => {
      const waiting = await server.connect()
      waiting.send('wait\n')
      const given = await server.connect()
      given.send('more 1000\n')
      await server.printed('extended\n')
      await delay(800)
      assert.equal((await server.stats()).connections, 2)
      await server.logged('its end', (line) => line['peer'] === given.name && line.msg === killed)
      waiting.close()
      given.close()
    })
  })

  test(`a ${style} handler may be open for so long: it is told, and a loop is ended all the same`, async () => {
    await withServer(fixture('runaway.js', { maxConnectionMs: 400, hungMs: 0 }, style), async (server) => {
      const quiet = await server.connect()
      const looping = await server.connect()
      looping.send('loop\n')
      assert.equal((await quiet.rest(3000)).length, 0)
      await server.printed('ConnectionTimeout: open for longer than 400 ms\n')
      assert.match(await server.endOf(looping), /open for longer than 400 ms: ended/)
      await looping.rest(3000)
      quiet.close()
      looping.close()
    })
  })
}

for (const style of styles)
  test(`a worker whose ${style} handler loops is named, then killed; the next one serves`, async () => {
    const options = { model: 'multiplex', hungMs: 800 } as const
    await withServer(fixture('runaway.js', options, style), async (server) => {
      const before = await server.connect()
      assert.equal(await before.exchange('before\n'), 'before\n')
      const looping = await server.connect()
      looping.send('loop\n')
      const warned = await server.logged('a warning', ({ msg }) => /all its clients wait/.test(msg))
      assert.equal(warned['connection'], 2)
      assert.equal(warned['peer'], looping.name)
      await server.logged('the end', ({ msg }) => msg === 'worker process killed by SIGKILL')
      await before.rest(3000)
      const after = await server.connect()
      assert.equal(await after.exchange('after\n'), 'after\n')
      for (const client of [before, looping, after]) client.close()
      await server.stop() // the new worker reports through another pipe
    })
  })

for (const style of styles) {
  test(`a prefork worker whose ${style} handler loops is killed, sooner when its client is gone; its client is named`, async () => {
    const options = { model: 'prefork', hungMs: 2500, maxWorkers: 1 } as const
    await withServer(fixture('runaway.js', options, style), async (server) => {
      const looping = await server.connect()
      looping.send('loop\n')
      await until('it is busy', async () => (await server.stats()).messages === 1)
      looping.reset()
      const why = await server.logged('why', ({ msg }) => /though its client is gone/.test(msg), 2400)
      assert.match(why.msg, /^prefork process at work for \d+ ms though its client is gone: killed$/)
      const end = await server.logged('the end', ({ msg }) => msg === 'prefork process killed by SIGKILL')
      assert.equal(end['peer'], looping.name)
      const after = await server.connect()
      assert.equal(await after.exchange('after\n'), 'after\n')
      after.close()
    })
  })

  test(`each connection of a prefork worker with a ${style} handler may be open for so long`, async () => {
    const options = { model: 'prefork', maxConnectionMs: 600, hungMs: 0, maxWorkers: 1, minSpare: 1 } as const
    await withServer(fixture('runaway.js', options, style), async (server) => {
      // together they are longer
      for (let turn = 0; turn < 3; turn++) {
        const client = await server.connect()
        assert.equal(await client.exchange('hello\n'), 'hello\n')
        await delay(300)
        assert.equal(await client.exchange('and\n'), 'and\n')
        client.close()
      }
      const quiet = await server.connect()
      assert.equal((await quiet.rest(3000)).length, 0)
      await server.printed('ConnectionTimeout: open for longer than 600 ms\n')
      quiet.close()
      const looping = await server.connect()
      looping.send('loop\n')
      assert.match(await server.endOf(looping), /open for longer than 600 ms: ended/)
      await looping.rest(3000)
      looping.close()
      assert.equal(server.log.filter(({ msg }) => /^prefork process open for longer/.test(msg)).length, 1)
    })
  })
}

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  for (const style of styles) {
    test(`${model}, ${style}: a client that never reads costs no more memory than allowed`, async () => {
      const options = { model, maxUnsentBytes: 4 * 1024 * 1024 }
      await withServer(fixture('runaway.js', options, style), async (server) => {
        const client = await server.connect()
        client.socket.pause()
        client.send('flood\n')
        await server.printed('UnsentBytesExceeded: the client does not read: more than 4194304 bytes wait for it\n')
        client.close()
      })
    })

    test(`${model}, ${style}: what is written must move within the write time-out`, async () => {
      await withServer(fixture('runaway.js', { model, writeTimeoutMs: 400 }, style), async (server) => {
        const client = await server.connect()
        client.socket.pause()
        client.send('once\n')
        await server.printed('ConnectionTimeout: the client took nothing for 400 ms\n')
        client.close()
      })
    })
  }

test('a full server says once how many wait, and once that nobody does any more', async () => {
  await withServer(fixture('runaway.js', { maxConnections: 2 }, 'none'), async (server) => {
    const taken = await Promise.all([server.connect(), server.connect()])
    await server.connections(2)
    const waiting = await Promise.all([server.connect(), server.connect(), server.connect()])
    const full = await server.logged('a warning', ({ msg }) => msg === 'all connections are taken: clients wait')
    assert.equal(full['waiting'], 3)
    assert.equal(full['maxConnections'], 2)
    for (const client of [...taken, ...waiting]) client.close()
    const over = await server.logged('its end', ({ msg }) => msg === 'nobody waits any more', 9000)
    assert.equal(over['mostWaiting'], 3)
    assert.equal(server.log.filter(({ msg }) => /clients wait/.test(msg)).length, 1)
  })
})
