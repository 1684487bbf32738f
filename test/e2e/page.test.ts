/** `tined page` beside running servers: what it says is what is there, and nobody waits for it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessDetails } from '../../src/page/shapes.js'
import { type TestPage, withPage } from '../harness/page.js'
import { statOf } from '../harness/proc.js'
import { fixture, runToEnd, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { pidFrom } from '../harness/spawning.js'
import { until } from '../harness/until.js'

const echo = (model: string): ReturnType<typeof tined> => tined('echo', '--port', '0', '--model', model)

const watched = (server: TestServer, test: (page: TestPage) => Promise<void>): Promise<void> =>
  withPage([`${server.pid}`], test)

test('model fork: connections with their clients and bytes, counters, and how one ended', async () => {
  await withServer(echo('fork'), async (server) => {
    await watched(server, async (page) => {
      const clients = [await server.connect(), await server.connect()]
      for (const client of clients) await client.exchange('hello')
      const seen = await page.server('both', ({ totals }) => totals?.bytesWritten === 10)
      assert.deepEqual(
        [seen.launcher, seen.supervisor, seen.listening],
        [server.pid, server.supervisor, [server.address]],
      )
      assert.deepEqual([seen.connections, seen.waiting, seen.warnings, seen.notes], [2, 0, [], []])
      assert.deepEqual(seen.totals, { accepted: 2, forked: 2, reaped: 0, bytesRead: 10, bytesWritten: 10, messages: 2 })
      for (const { name } of clients) {
        const process = seen.processes.find(({ client }) => client === name)
        assert.deepEqual([process?.role, process?.state, process?.bytesRead], ['connection', 'sleeping', 5])
        assert.ok((process?.pssBytes ?? 0) >= (process?.ownBytes ?? 0))
      }
      const [victim = 0] = await server.connections(2)
      const lost = clients.map(({ socket }) => socket.on('error', () => {}))
      process.kill(victim, 'SIGKILL')
      const after = await page.server('the end', ({ ends }) => ends.length === 1)
      assert.deepEqual(
        [after.ends[0]?.pid, after.ends[0]?.reason, after.ends[0]?.isWell],
        [victim, 'killed by SIGKILL', false],
      )
      const { text } = await page.ask('/metrics')
      const address = `address="${server.address}"`
      for (const line of [
        `tined_connections{${address}} 1`,
        `tined_connections_accepted_total{${address}} 2`,
        `tined_forks_total{${address}} 2`,
        `tined_process_ends_total{${address},role="connection",reason="killed by SIGKILL"} 1`,
        `tined_received_bytes_total{${address}} 10`,
        `tined_accept_queue{${address}} 0`,
        `tined_processes{${address},role="connection"} 1`,
      ])
        assert.ok(text.split('\n').includes(line), `${line}\n${text}`)
      assert.match(
        text,
        new RegExp(`^tined_process_cpu_seconds_total\\{${address},role="supervisor"\\} 0\\.\\d+$`, 'm'),
      )
      for (const socket of lost) socket.destroy()
    })
  })
})

test('models prefork and multiplex: who serves, and what all of them have counted', async () => {
  for (const [model, role] of [
    ['prefork', 'prefork'],
    ['multiplex', 'worker'],
  ] as const)
    await withServer(echo(model), async (server) => {
      await watched(server, async (page) => {
        const clients = [await server.connect(), await server.connect()]
        for (const client of clients) await client.exchange('hello')
        const seen = await page.server('both', ({ totals, connections }) => totals?.messages === 2 && connections === 2)
        assert.equal(seen.totals?.accepted, 2, model)
        assert.ok(seen.processes.some((process) => process.role === role))
        for (const client of clients) client.close()
        const after = await page.server('none', ({ connections }) => connections === 0)
        assert.deepEqual([after.totals?.accepted, after.totals?.bytesRead], [2, 10], model)
      })
    })
})

test('the descriptors of a process, on demand', async () => {
  await withServer(echo('fork'), async (server) => {
    await watched(server, async (page) => {
      const client = await server.connect()
      await client.exchange('hello')
      const [pid = 0] = await server.connections(1)
      await page.server('it', ({ connections }) => connections === 1)
      const { status, text } = await page.ask(`/api/process?pid=${pid}`)
      assert.equal(status, 200, text)
      const { descriptors, isPartial } = JSON.parse(text) as ProcessDetails
      assert.equal(isPartial, false)
      assert.ok(
        descriptors.some(({ what }) => what === `connection with ${client.name}, ESTABLISHED`),
        text,
      )
      assert.equal((await page.ask(`/api/process?pid=${process.pid}`)).status, 404)
      client.close()
    })
  })
})

test('a zombie and its warning; and a server that is not ready while its supervisor is stopped', async () => {
  await withServer(fixture('planting.js'), async (server) => {
    await watched(server, async (page) => {
      const client = await server.connect()
      const zombie = await pidFrom(client, 'zombie')
      const seen = await page.server('the warning', ({ warnings }) => warnings.length > 0)
      assert.deepEqual([seen.warnings[0]?.kind, seen.warnings[0]?.pid], ['zombie', zombie])
      assert.equal(seen.processes.find(({ pid }) => pid === zombie)?.state, 'zombie')
      await pidFrom(client, 'wait')
      assert.deepEqual((await page.ask('/ready')).status, 200)
      process.kill(server.supervisor, 'SIGSTOP')
      try {
        await until('not ready', async () => (await page.ask('/ready')).status === 503)
        assert.match((await page.ask('/ready')).text, new RegExp(`supervisor ${server.supervisor} is in state stopped`))
        assert.equal((await page.ask('/health')).status, 200)
      } finally {
        process.kill(server.supervisor, 'SIGCONT')
      }
      await until('ready again', async () => (await page.ask('/ready')).status === 200)
      client.close()
    })
  })
})

test('a page that hangs, and one that is killed, are noticed by no connection', async () => {
  await withServer(echo('fork'), async (server) => {
    const client = await server.connect()
    await watched(server, async (page) => {
      await page.server('it', ({ connections }) => connections === 1)
      process.kill(page.pid, 'SIGSTOP')
      await until('it is stopped', () => statOf(page.pid)?.state === 'T')
      const another = await server.connect()
      for (const each of [client, another]) await each.exchange('hello')
      another.close()
      await server.connections(1)
      process.kill(page.pid, 'SIGKILL')
      assert.deepEqual(await page.finished(), { code: null, signal: 'SIGKILL' })
    })
    await client.exchange('hello')
    client.close()
  })
})

test('without a PID it finds servers as they come and go', async () => {
  await withPage([], async (page) => {
    const isSeen = async (supervisor: number): Promise<boolean> =>
      (await page.snapshot()).servers.some((server) => server.supervisor === supervisor)
    let supervisor = 0
    await withServer(echo('fork'), async (server) => {
      supervisor = server.supervisor
      await until('it is found', () => isSeen(supervisor), 8000)
    })
    await until('it is gone', async () => !(await isSeen(supervisor)))
  })
})

test('when the process that was named is gone, the page says so and goes on', async () => {
  let page: TestPage | undefined
  await withServer(echo('fork'), async (server) => {
    await watched(server, async (shown) => {
      page = shown
      await page.server('it', () => true)
      await server.stop()
      const problem = await until('a problem', async () => (await shown.snapshot()).problem)
      assert.equal(problem, `there is no process ${server.pid}`)
      assert.match((await page.ask('/ready')).text, /^not ready: there is no process/)
    })
  })
})

const refused: [args: string[], said: string][] = [
  [
    ['--listen', '0.0.0.0:0'],
    '--listen: 0.0.0.0 is reached from other machines, and would show them every client: give a token, TINED_PAGE_TOKEN',
  ],
  [['--listen', 'unix:/tmp/x'], '--listen: a browser needs HOST:PORT'],
  [
    ['--listen', '127.0.0.1:0', '--token', 'short'],
    '--token: expected 16 to 256 printable characters without blanks, got 5',
  ],
  [['--refresh-ms', '5'], '--refresh-ms: expected a whole number from 100 to 3600000, got 5'],
  [['x'], 'PID: expected a whole number from 1 to 4194304, got "x"'],
]
for (const [args, said] of refused)
  test(`tined page ${args.join(' ')} is misuse, in one line`, async () => {
    const { code, stdout, stderr } = await runToEnd(tined('page', ...args))
    assert.deepEqual({ code, stdout, stderr }, { code: 100, stdout: '', stderr: `tined: fatal: ${said}\n` })
  })

test('a port that is taken is refused by the system', async () => {
  await withPage([], async (page) => {
    const { code, stderr } = await runToEnd(tined('page', '--listen', `127.0.0.1:${new URL(page.url).port}`))
    assert.equal(code, 111)
    assert.match(stderr, /^tined: fatal: listen EADDRINUSE: address already in use 127\.0\.0\.1:\d+\n$/)
  })
})
