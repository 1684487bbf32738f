/** Model multiplex: workers that crash, share, wait and end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServeOptions } from '../../src/index.js'
import { POLLERS } from '../../src/reactor/poller.js'
import { type Client, refusal } from '../harness/client.js'
import { cpuMs, descriptorsOf, statusField, titleOf } from '../harness/proc.js'
import { fixture, type Launch, runToEnd, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const multiplex = (style: string, options: ServeOptions = {}): Launch =>
  fixture('worker.js', { model: 'multiplex', ...options }, style)

/** Which process serves a client. */
const workerOf = async (client: Client): Promise<number> => {
  client.send('pid')
  return Number(await client.takeText(10))
}

/** One client of each of two workers. */
async function clientOfEach(server: TestServer): Promise<[Client, Client]> {
  const first = await server.connect()
  const pid = await workerOf(first)
  for (;;) {
    const other = await server.connect()
    if ((await workerOf(other)) !== pid) return [first, other]
    other.close()
  }
}

for (const [style, how] of [
  ['none', 'die'],
  ['async', 'throw later'],
] as const)
  test(`a worker of ${style} that crashes takes its own clients along only, and is started again`, async () => {
    await withServer(multiplex(style, { workers: 2, reusePort: true }), async (server) => {
      const [victim, other] = await clientOfEach(server)
      const held = descriptorsOf(server.supervisor).length
      const crashed = await workerOf(victim)
      const before = server.observe()
      assert.equal(before.length, 2)
      victim.send(how)
      await victim.gone()
      assert.equal(await other.exchange('still here'), 'still here')
      const after = await until('a new worker', () => {
        const now = server.observe()
        return now.length === 2 && !now.includes(crashed) ? now : undefined
      })
      await server.logged('its end', ({ msg }) => /^worker process (killed by SIGKILL|exited with status 1)/.test(msg))
      const newcomer = after.find((pid) => !before.includes(pid)) as number
      const mine = [other]
      while ((await workerOf(mine.at(-1) as Client)) !== newcomer) mine.push(await server.connect())
      const { connections, services } = await server.stats()
      assert.equal(connections, mine.length)
      assert.deepEqual(new Set(services.map(({ pid }) => pid)), new Set(after))
      for (const client of [victim, ...mine]) client.close()
      assert.equal(descriptorsOf(server.supervisor).length, held, 'descriptors of the supervisor')
      await server.stop()
    })
  })

for (const poller of POLLERS)
  test(`two workers over ${poller} share a listener and their limit: the fifth of four waits, whoever is full`, async () => {
    await withServer(multiplex('none', { poller, workers: 2, maxConnections: 4 }), async (server) => {
      for (let round = 0; round < 3; round++) {
        const clients = await Promise.all(Array.from({ length: 4 }, () => server.connect()))
        const pids = await Promise.all(clients.map(workerOf))
        for (const worker of new Set(pids)) assert.equal(pids.filter((pid) => pid === worker).length, 2)
        const fifth = (await server.connect()).send('fifth')
        assert.equal((await server.stats()).connections, 4)
        assert.equal(fifth.bytesReceived, 0)
        clients[0]?.end()
        assert.equal(await fifth.takeText(5), 'fifth')
        for (const client of [...clients, fifth]) client.close()
        await until('all have left', async () => (await server.stats()).connections === 0)
      }
      assert.equal((await server.stats()).accepted, 15)
    })
  })

/** How often a process has gone to sleep. */
const sleeps = (pid: number): number => Number(statusField(pid, 'voluntary_ctxt_switches'))

for (const poller of POLLERS)
  for (const style of ['none', 'async', 'deaf'])
    test(`a worker of ${style} over ${poller} sleeps while nothing happens, whatever it was sent and does not read`, async () => {
      await withServer(multiplex(style, { poller }), async (server) => {
        const clients = await Promise.all([server.connect(), server.connect()])
        for (const client of clients) {
          client.send('hello')
          assert.equal(await client.takeText(5), 'hello')
          client.send(style === 'deaf' ? Buffer.alloc(1024) : '')
        }
        if (style === 'deaf') clients[0].reset()
        const [worker] = server.observe()
        const since = { at: performance.now(), sleeps: sleeps(worker as number) }
        await until('a second has passed', () => performance.now() - since.at > 1000)
        const woken = sleeps(worker as number) - since.sleeps
        // Node's own threads and a last turn or two; a loop that spins would go round ten thousand times
        assert.ok(woken < 10, `${woken} times in a second`)
        for (const client of clients) client.close()
      })
    })

for (const victim of ['launcher', 'supervisor'] as const)
  test(`when the ${victim} is killed, the workers go with it`, async () => {
    await withServer(multiplex('async', { workers: 2 }), async (server) => {
      const client = await server.connect()
      await client.exchange('hello')
      server.observe()
      process.kill(victim === 'launcher' ? server.pid : server.supervisor, 'SIGKILL')
      await client.gone()
      await server.finished()
    })
  })

test('a worker that hangs is killed when the server stops', async () => {
  await withServer(multiplex('none'), async (server) => {
    const client = (await server.connect()).send('hang')
    const [worker] = server.observe()
    assert.equal(titleOf(worker as number), 'tined: worker #1')
    assert.deepEqual(await server.stop('SIGINT'), { code: 0, signal: null })
    await client.gone()
  })
})

test('a drain that takes too long ends what still runs', async () => {
  await withServer(multiplex('async', { drainTimeoutMs: 300, workers: 2 }), async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    server.signal('SIGTERM')
    await until('new clients are refused', async () => (await refusal(server.address)) === 'ECONNREFUSED')
    assert.equal(await client.exchange('while draining'), 'while draining')
    await client.gone()
    assert.deepEqual(await server.finished(), { code: 0, signal: null })
    await server.logged('the time-out', ({ msg }) => msg.startsWith('drain time-out'))
  })
})

for (const style of ['none', 'async'])
  test(`a worker of ${style} keeps the deadlines of its clients`, async () => {
    await withServer(multiplex(style, { firstByteTimeoutMs: 150, idleTimeoutMs: 400 }), async (server) => {
      const silent = await server.connect()
      const talking = await server.connect()
      await talking.exchange('hello')
      assert.equal((await silent.rest(2000)).length, 0)
      assert.equal(await talking.exchange('still here'), 'still here')
      assert.equal((await talking.rest(2000)).length, 0)
      for (const client of [silent, talking]) client.close()
      await until('both have left', async () => (await server.stats()).connections === 0)
    })
  })

/** What the worker computes in so long without anything to do. */
async function idleCpuMs(worker: number, ms: number): Promise<number> {
  const before = cpuMs(worker)
  const over = performance.now() + ms
  await until('the worker had time to spin', () => performance.now() > over)
  return cpuMs(worker) - before
}

for (const style of ['none', 'node', 'async'])
  for (const poller of POLLERS)
    test(`a worker of ${style} over ${poller} sleeps while nobody talks`, async () => {
      await withServer(multiplex(style, { poller }), async (server) => {
        const [worker] = server.observe() as [number]
        assert.ok((await idleCpuMs(worker, 300)) < 150, 'without clients')
        const client = await server.connect()
        await client.exchange('hello')
        assert.ok((await idleCpuMs(worker, 300)) < 150, 'with a silent client')
        client.close()
      })
    })

test('the command takes a poller for a model', async () => {
  const flags = ['--listen', '127.0.0.1:0', '--model', 'poll', '--workers', '2', '--log', 'json']
  await withServer(tined('echo', ...flags), async (server) => {
    assert.deepEqual(server.observe().map(titleOf), ['tined: worker #1', 'tined: worker #2'])
    const client = await server.connect()
    assert.equal(await client.exchange('hello'), 'hello')
    client.close()
  })
  const refused = await runToEnd(tined('echo', '--model', 'poll', '--poller', 'select'))
  assert.equal(refused.code, 100)
  assert.match(refused.stderr, /--poller: expected poll, as --model says, got select/)
})
