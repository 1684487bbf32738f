/** What happens at a limit: of connections, of descriptors, of processes. Clients wait; none is refused. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { Client } from '../harness/client.js'
import { asNobody, noNobody, noPrlimit } from '../harness/nobody.js'
import { childrenOf, descendantsOf, descriptorsOf } from '../harness/proc.js'
import { fixture, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

test('with --max-connections 2 a third client waits, and is served once another leaves', async () => {
  const flags = ['--listen', '127.0.0.1:0', '--max-connections', '2', '--log', 'json', '--log-level', 'debug']
  await withServer(tined('echo', ...flags), async (server) => {
    const first = await server.connect()
    const second = await server.connect()
    await first.exchange('first')
    await second.exchange('second')
    const third = (await server.connect()).send('third')
    const fourth = (await server.connect()).send('fourth')
    assert.equal(await second.exchange('second again'), 'second again')
    assert.equal(childrenOf(server.supervisor).length, 2)
    assert.equal(third.bytesReceived + fourth.bytesReceived, 0)
    first.end()
    assert.equal(await third.takeText(5), 'third')
    assert.equal(childrenOf(server.supervisor).length, 2)
    assert.equal(fourth.bytesReceived, 0)
    third.end()
    assert.equal(await fourth.takeText(6), 'fourth')
    for (const client of [first, second, third, fourth]) client.close()
    await server.connections(0)
  })
})

interface Shortage {
  resource: 'nofile' | 'nproc'
  least: number
  complaint: string
  code: string
  /** The user that the server belongs to. */
  under: readonly string[]
  /** Whether another client is served meanwhile. */
  bystander: boolean
  /** Whether it runs out in the worker, rather than in the supervisor. */
  worker?: boolean
}

/** Makes a resource run out under a waiting client, and gives it back: logged once, then served. */
async function starve(server: TestServer, shortage: Shortage): Promise<void> {
  const { resource, least, complaint, code, under, bystander, worker } = shortage
  const starving = worker === true ? server.observe()[0] : server.supervisor
  const prlimit = (...args: string[]): string => {
    const [command, ...rest] = [...under, 'prlimit', '--pid', String(starving), ...args]
    return execFileSync(command as string, rest, { encoding: 'utf8' }).trim()
  }
  const before = prlimit(`--${resource}`, '--noheadings', '--output=SOFT')
  const running = bystander ? await server.connect() : undefined
  await running?.exchange('before')
  prlimit(`--${resource}=${least}:`)
  const waiting = (await server.connect()).send('waiting')
  const record = await server.logged(complaint, ({ msg }) => msg.startsWith(complaint))
  assert.equal(record['code'], code)
  // several more attempts: 5, 10, 20, … ms apart
  const since = performance.now()
  await until('it has tried again', () => performance.now() - since > 200)
  assert.equal(server.log.filter(({ msg }) => msg.startsWith(complaint)).length, 1, 'it is logged once')
  assert.equal(await running?.exchange('still served'), bystander ? 'still served' : undefined)
  assert.equal(waiting.bytesReceived, 0)
  prlimit(`--${resource}=${before}:`)
  assert.equal(await waiting.takeText(7), 'waiting')
  await server.logged('recovery', ({ msg }) => msg === 'accepting again')
  running?.close()
  waiting.close()
  await server.connections(worker === true ? 1 : 0)
}

for (const model of ['fork', 'single', 'multiplex'] as const)
  test(`without free descriptors model ${model} backs off, says so once, and recovers`, {
    skip: noPrlimit,
  }, async () => {
    await withServer(fixture('echo-callbacks.js', { model }), async (server) => {
      const descriptors = { resource: 'nofile', least: 3, complaint: 'cannot accept', code: 'EMFILE' } as const
      await starve(server, { ...descriptors, under: [], bystander: model !== 'single', worker: model === 'multiplex' })
    })
  })

// the process limit does not hold for root
test('without a free process the server keeps the client, says so once, and recovers', {
  skip: noNobody || noPrlimit,
}, async () => {
  await withServer({ ...fixture('echo-callbacks.js'), under: asNobody }, async (server) => {
    const processes = { resource: 'nproc', least: 1, complaint: 'cannot fork', code: 'EAGAIN' } as const
    await starve(server, { ...processes, under: asNobody, bystander: true })
    const { forked, reaped, accepted } = await server.stats()
    assert.deepEqual({ forked, reaped, accepted }, { forked: 2, reaped: 2, accepted: 2 })
  })
})

/** Of the listener and of what was accepted from it, as /proc/PID/fd names them; the standard streams are the runner's. */
const socketsOf = (pid: number): string[] =>
  descriptorsOf(pid)
    .filter(({ fd, target }) => fd > 2 && target.startsWith('socket:'))
    .map(({ target }) => target)

test('no process holds the connection of another client that waits because a fork has failed', {
  skip: noNobody || noPrlimit,
}, async () => {
  const listen = ['127.0.0.1:0', '[::1]:0']
  await withServer({ ...fixture('spawning.js', { listen }), under: asNobody }, async (server) => {
    const [, other = ''] = await server.ask<string[]>('addresses')
    const [command = '', ...rest] = [...asNobody, 'prlimit', '--pid', String(server.supervisor)]
    const prlimit = (...options: string[]): string =>
      execFileSync(command, [...rest, ...options], { encoding: 'utf8' }).trim()
    const allowed = prlimit('--nproc', '--noheadings', '--output=SOFT')
    const before = socketsOf(server.supervisor)
    prlimit('--nproc=1:')
    const failures = (): number => server.log.filter(({ msg }) => msg.startsWith('cannot fork')).length
    const waiting: Client[] = []
    for (const address of [server.address, other]) {
      waiting.push((await Client.connect(address)).send('child\n'))
      await until('its fork has failed', () => failures() === waiting.length)
    }
    const held = socketsOf(server.supervisor).filter((target) => !before.includes(target))
    assert.equal(held.length, 2)
    prlimit(`--nproc=${allowed}:`)
    // whoever is forked first, the other waits then
    for (const client of waiting) assert.ok(Number(await client.takeText(1)) > 0)
    const connections = childrenOf(server.supervisor)
    assert.equal(connections.length, 2)
    for (const pid of connections) assert.equal(socketsOf(pid).filter((target) => held.includes(target)).length, 1)
    for (const pid of connections.flatMap(descendantsOf))
      assert.deepEqual(
        socketsOf(pid).filter((target) => held.includes(target)),
        [],
        `process ${pid}`,
      )
    for (const client of waiting) client.close()
  })
})
