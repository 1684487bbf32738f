/** Model prefork: workers forked ahead, which share clients evenly, are replaced, and are as many as are needed. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServeOptions } from '../../src/index.js'
import type { Client } from '../harness/client.js'
import { Client as Connected } from '../harness/client.js'
import { childrenOf, statusField, titleOf } from '../harness/proc.js'
import { fixture, type Launch, runToEnd } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const styles = ['none', 'node', 'async'] as const

const prefork = (style: string, options: ServeOptions = {}): Launch =>
  fixture('worker.js', { model: 'prefork', ...options }, style)

const workerOf = async (client: Client): Promise<number> => {
  client.send('pid')
  return Number(await client.takeText(10))
}

/** Connects, asks who serves, and leaves. */
async function visit(address: string): Promise<number> {
  const client = await Connected.connect(address)
  const pid = await workerOf(client)
  client.end()
  await client.rest()
  client.close()
  return pid
}

/** Waits until so many wait for clients, or more. */
const idle = (server: TestServer, count: number): Promise<true> =>
  until(`${count} idle workers`, async () => (await server.stats()).idle >= count || undefined)

const sleepsOf = (pid: number): number => Number(statusField(pid, 'voluntary_ctxt_switches'))

for (const style of styles)
  for (const listeners of [1, 2])
    test(`idle workers of ${style}, ${listeners} listeners: each has its turn, and only one is woken`, async (t) => {
      const name = `unix:${join(tmpdir(), `tined-prefork-${process.pid}-${style}`)}`
      const options = { minSpare: 4, maxWorkers: 4, listen: ['127.0.0.1:0', name].slice(0, listeners) }
      await withServer(prefork(style, options), async (server) => {
        await idle(server, 4)
        const workers = server.observe()
        for (const pid of workers) assert.match(titleOf(pid), /^tined: prefork #[1-4]$/)
        const visits = new Map<number, number>()
        const before = workers.map(sleepsOf)
        const clients = 48
        for (let count = 0; count < clients; count++) {
          const address = listeners === 2 && count % 3 === 0 ? name : server.address
          await idle(server, 4)
          const pid = await visit(address)
          visits.set(pid, (visits.get(pid) ?? 0) + 1)
        }
        assert.deepEqual([...visits.keys()].sort(), [...workers].sort())
        const counts = [...visits.values()]
        const woken = workers.map((pid, index) => sleepsOf(pid) - (before[index] as number))
        t.diagnostic(`visits ${counts}; sleeps ${woken}`)
        // one that shows itself idle and is kept from its wait by a busy machine loses its turn
        assert.ok(Math.max(...counts) <= 2 * Math.min(...counts), `visits ${counts}`)
        // a herd would be four for each client, and more for its bytes
        const sleeps = woken.reduce((sum, each) => sum + each)
        assert.ok(sleeps < 4 * clients, `${woken} sleeps for ${clients} clients`)
      })
    })

for (const style of styles) {
  test(`maxRequests 1, ${style}: a fresh process for each connection, which is there before`, async () => {
    await withServer(prefork(style, { maxRequests: 1, minSpare: 3 }), async (server) => {
      const seen = new Set<number>()
      for (let count = 0; count < 12; count++) {
        await idle(server, 3)
        const ahead = server.observe()
        const pid = await visit(server.address)
        assert.ok(ahead.includes(pid), 'it was forked ahead')
        seen.add(pid)
      }
      assert.equal(seen.size, 12)
      await until('the end of each', async () => (await server.stats()).reaped >= 12)
      const { accepted, forked, running, reaped } = await server.stats()
      assert.equal(accepted, 12)
      assert.equal(forked, running + reaped)
    })
  })

  test(`maxRequests 10, ${style}: a worker ends after eight to ten connections`, async () => {
    await withServer(prefork(style, { maxRequests: 10, maxWorkers: 1 }), async (server) => {
      const visits = new Map<number, number>()
      for (let count = 0; count < 60; count++) {
        const pid = await visit(server.address)
        visits.set(pid, (visits.get(pid) ?? 0) + 1)
      }
      const whole = [...visits.values()].slice(0, -1)
      assert.ok(whole.length >= 5)
      for (const count of whole) assert.ok(count >= 8 && count <= 10, String(whole))
    })
  })

  test(`a worker of ${style} that dies costs its own client only, and is replaced`, async () => {
    await withServer(prefork(style, { minSpare: 2 }), async (server) => {
      const [victim, other] = await Promise.all([server.connect(), server.connect()])
      const [crashed, kept] = await Promise.all([workerOf(victim), workerOf(other)])
      assert.notEqual(crashed, kept)
      victim.send('die')
      await victim.gone()
      const end = await server.logged('its end', ({ msg }) => msg === 'prefork process killed by SIGKILL')
      assert.equal(end['peer'], victim.name)
      assert.equal(end['child'], crashed)
      assert.equal(await other.exchange('still here'), 'still here')
      for (let count = 0; count < 8; count++) assert.notEqual(await visit(server.address), crashed)
      victim.close()
      other.close()
    })
  })

  test(`when all workers of ${style} are busy clients wait in the queue, and are served in their turn`, async () => {
    await withServer(prefork(style, { maxWorkers: 2 }), async (server) => {
      const taken = [await server.connect(), await server.connect()]
      for (const client of taken) await workerOf(client)
      const waiting = await server.connect()
      waiting.send('pid')
      const full = await server.logged('a warning', ({ msg }) => msg === 'all connections are taken: clients wait')
      assert.equal(full['waiting'], 1)
      assert.equal(full['maxConnections'], 2)
      assert.equal(waiting.bytesReceived, 0)
      const { connections, idle: none } = await server.stats()
      assert.deepEqual([connections, none], [2, 0])
      taken[0]?.close()
      assert.ok(server.observe().includes(Number(await waiting.takeText(10))))
      for (const client of [...taken, waiting]) client.close()
      await server.logged('its end', ({ msg }) => msg === 'nobody waits any more', 9000)
      assert.equal(server.log.filter(({ msg }) => /clients wait/.test(msg)).length, 1)
    })
  })

  test(`a burst finds workers of ${style} at once, and what is spare afterwards ends`, async () => {
    await withServer(prefork(style, { minSpare: 2, maxSpare: 3 }), async (server) => {
      const clients = await Promise.all(Array.from({ length: 12 }, () => server.connect()))
      const pids = new Set(await Promise.all(clients.map(workerOf)))
      assert.equal(pids.size, 12)
      await idle(server, 2)
      for (const client of clients) client.close()
      const left = async (): Promise<boolean> => {
        const { idle: spare, running } = await server.stats()
        return running <= 3 && running >= 2 && spare === running
      }
      await until('no more than may be spare', left, 9000)
      assert.doesNotMatch(server.stderr, /"level":[45]0/)
    })
  })

  test(`SIGTERM ends idle workers of ${style} at once, and a busy one after its client`, async () => {
    await withServer(prefork(style, { minSpare: 3 }), async (server) => {
      const client = await server.connect()
      const busy = await workerOf(client)
      await idle(server, 3)
      server.signal('SIGTERM')
      await until('only the busy one is left', () => String(childrenOf(server.supervisor)) === String(busy))
      assert.equal(await client.exchange('goodbye'), 'goodbye')
      client.end()
      await client.rest()
      assert.deepEqual(await server.finished(), { code: 0, signal: null })
      client.close()
      assert.doesNotMatch(server.stderr, /"level":[45]0/)
    })
  })

  test(`an idle worker of ${style} that is killed is replaced, and no client waits for it`, async () => {
    await withServer(prefork(style, { minSpare: 2, maxWorkers: 4 }), async (server) => {
      await idle(server, 2)
      for (let round = 0; round < 10; round++) {
        const victims = server.observe()
        const visitors = Array.from({ length: 6 }, () => visit(server.address).catch(() => 0))
        const victim = victims[round % victims.length] as number
        try {
          process.kill(victim, 'SIGKILL')
        } catch {
          // it was ended by itself
        }
        await Promise.all(visitors)
      }
      await idle(server, 2)
    })
  })
}

test('a worker of async that writes to its memory ends after its connection', async () => {
  const options = { maxWorkerBytes: 96 * 1024 * 1024, maxWorkers: 1 }
  await withServer(prefork('hoards', options), async (server) => {
    const first = await visit(server.address)
    let count = 1
    await until('another worker', async () => {
      count++
      await delay(20)
      return (await visit(server.address)) !== first
    })
    assert.ok(count > 3, `${count} visits`)
    assert.match(
      (await server.logged('its end', ({ child }) => child === first)).msg,
      /^prefork process exited with status 0/,
    )
  })
})

for (const [how, why, options] of [
  ['fails', /exited with status 70/, {}],
  ['hangs', /killed by SIGKILL/, { startTimeoutMs: 100, maxStartFailures: 1 }],
] as const)
  test(`a server whose workers' start ${how} does not start, and says why`, async () => {
    const ended = await runToEnd(fixture('start-fails.js', { model: 'prefork', maxStartFailures: 3, ...options }, how))
    assert.match(ended.stdout, /^StartError: .*before serving anybody, the last one /)
    assert.match(ended.stdout, why)
    if (how === 'hangs') assert.match(ended.stderr, /does not start: killed/)
    else assert.match(ended.stdout, /^StartError: \d workers in a row ended/)
  })

test('a server whose workers do not start any more gives up once none is left', async () => {
  const options = { model: 'prefork', maxStartFailures: 3, minSpare: 1, maxSpare: 1 } as const
  await withServer(fixture('start-fails.js', options, 'later'), async (server) => {
    const client = await server.connect()
    assert.equal(await client.exchange('hello'), 'hello')
    client.send('die')
    await client.gone()
    client.close()
    const { msg } = await server.logged('why', ({ msg }) => /given up/.test(msg), 9000)
    assert.match(msg, /^given up: \d workers in a row ended before serving anybody, the last one exited with status 70/)
    assert.deepEqual(await server.finished(), { code: 111, signal: null })
  })
})

test('what an async handler has begun goes on in its worker after the connection', async () => {
  await withServer(prefork('lingering', { maxWorkers: 1 }), async (server) => {
    const pid = await visit(server.address)
    await server.printed(`later in ${pid}\n`)
    assert.equal(await visit(server.address), pid)
  })
})

test('an async handler that nothing can finish any more ends its worker', async () => {
  await withServer(prefork('stuck', { maxWorkers: 1 }), async (server) => {
    const client = await server.connect()
    client.end()
    assert.match(await server.endOf(client), /^prefork process exited with status 13/)
    client.close()
  })
})
