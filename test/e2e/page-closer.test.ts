/** What the page sees that costs a closer look: pipes, signals on their way, times, messages of a store, leaks, bytes in doubt. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import tls from 'node:tls'
import type { MessageShot, ProcessDetails } from '../../src/page/shapes.js'
import { certificate, privateKey } from '../features/fixtures/certificate.js'
import { withFolder } from '../harness/folder.js'
import { type TestPage, withPage } from '../harness/page.js'
import { fixture, tined } from '../harness/program.js'
import { psOf, psText } from '../harness/ps.js'
import { type TestServer, withServer } from '../harness/server.js'
import { fillPipe, pidFrom } from '../harness/spawning.js'
import { withStore, writerOf } from '../harness/store.js'
import { asNobody, noNobody } from '../harness/users.js'

const echo = (...args: string[]): ReturnType<typeof tined> => tined('echo', '--port', '0', ...args)

const watched = (server: TestServer, test: (page: TestPage) => Promise<void>): Promise<void> =>
  withPage([`${server.pid}`], test)

test('every end is counted by role and reason, also those that nobody looked at; and how long forks took', async () => {
  await withServer(echo(), async (server) => {
    for (let count = 0; count < 40; count++) {
      const client = await server.connect()
      await client.exchange('hello')
      client.close()
    }
    await server.connections(0)
    const victim = await server.connect()
    victim.socket.on('error', () => {})
    const [pid = 0] = await server.connections(1)
    process.kill(pid, 'SIGKILL')
    await server.connections(0)
    await watched(server, async (page) => {
      const seen = await page.server('all ends', ({ totals }) => totals?.reaped === 41)
      assert.deepEqual(seen.endCounts, [
        { role: 'connection', reason: 'exited with status 0: finished', count: 40 },
        { role: 'connection', reason: 'killed by SIGKILL', count: 1 },
      ])
      const { count = 0, sumMs = 0, buckets = [] } = seen.forkTimes ?? {}
      assert.equal(count, 41)
      assert.ok(sumMs > 0 && sumMs < 41 * 1000, `${sumMs} ms`)
      assert.equal(
        buckets.reduce((sum, each) => sum + each, 0),
        41,
      )
      assert.equal(seen.syncTimes, undefined)
      assert.equal(seen.answerTimes?.count, 40, 'the first answer of each process')
      assert.ok((seen.answerTimes?.sumMs ?? 0) > 0)
      assert.match((await page.ask('/metrics')).text, /^tined_answer_seconds_count\{[^}]*\} 40$/m)
      const { answers } = await psOf(server)
      assert.ok(answers !== undefined && answers.count === 40 && answers.medianMs <= answers.p99Ms)
    })
  })
})

test('how many may wait to be accepted; a signal that a stopped process has not taken is on its way to it, until it goes on', async () => {
  await withServer(echo('--backlog', '7', '--drain-timeout', '60s'), (server) =>
    watched(server, async (page) => {
      const { waiting, waitingLimit } = await page.server('the limit', (seen) => seen.waitingLimit !== undefined)
      assert.deepEqual([waiting, waitingLimit], [0, 7], 'as the kernel has it')
      assert.match((await page.ask('/metrics')).text, /^tined_accept_queue_limit\{[^}]*\} 7$/m)
      await signalOnItsWay(server, page)
      await signalsOfDrain(server, page)
    }),
  )
})

async function signalOnItsWay(server: TestServer, page: TestPage): Promise<void> {
  const client = await server.connect()
  await client.exchange('hello')
  const [pid = 0] = await server.connections(1)
  process.kill(pid, 'SIGSTOP')
  await page.server('it is stopped', ({ processes }) =>
    processes.some((each) => each.pid === pid && each.state === 'stopped'),
  )
  process.kill(pid, 'SIGTERM')
  await page.server('the signal', ({ processes }) =>
    processes.some((each) => each.pid === pid && each.pendingSignals?.join() === 'SIGTERM'),
  )
  const { signals, limits, sandbox } = JSON.parse((await page.ask(`/api/process?pid=${pid}`)).text) as ProcessDetails
  assert.deepEqual(signals.pending, ['SIGTERM'])
  assert.ok(limits.some(({ name, soft }) => name === 'open files' && soft !== ''))
  assert.equal(sandbox.uid, process.getuid?.())
  process.kill(pid, 'SIGCONT')
  const after = await page.server('its end', ({ ends }) => ends.some((end) => end.pid === pid))
  assert.ok(after.processes.every(({ pendingSignals }) => pendingSignals === undefined))
  client.close()
}

/** Which the server has sent and was sent, and from whom. */
async function signalsOfDrain(server: TestServer, page: TestPage): Promise<void> {
  const client = await server.connect()
  const [pid = 0] = await server.connections(1)
  process.kill(server.pid, 'SIGTERM')
  const { signals } = await page.server('it drains', (seen) => seen.signals.length >= 2)
  const told = [pid, server.supervisor, server.pid]
  assert.deepEqual(
    signals.slice(-2).map(({ signal, from, to }) => [signal, told.indexOf(from), told.indexOf(to)]),
    [
      ['SIGURG', 1, 0],
      ['SIGTERM', 2, 1],
    ],
  )
  assert.ok(signals.every(({ sentMs }) => Math.abs(Date.now() - sentMs) < 30_000))
  const { text } = await page.ask('/metrics')
  assert.match(text, /^tined_signals_total\{[^}]*signal="SIGURG"\} 1$/m)
  assert.equal((await psOf(server)).lastSignals.at(-1)?.signal, 'SIGTERM')
  client.close()
  assert.deepEqual(await server.finished(), { code: 0, signal: null })
}

test('how long the disk took; the last messages, escaped', async () => {
  await withStore({}, async ({ server }) => {
    const client = await server.connect()
    await client.exchange('first\n')
    await client.exchange('\u001b[31mred\n')
    const writer = writerOf(server) ?? 0
    await watched(server, async (page) => {
      const seen = await page.server('a batch on disk', ({ syncTimes }) => (syncTimes?.count ?? 0) >= 2)
      assert.ok((seen.syncTimes?.sumMs ?? 0) > 0)
      assert.match((await page.ask('/metrics')).text, /^tined_store_sync_seconds_count\{[^}]*\} [2-9]$/m)
      const { status, text } = await page.ask(`/api/messages?pid=${writer}`)
      assert.equal(status, 200)
      const { messages } = JSON.parse(text) as { messages: MessageShot[] }
      assert.deepEqual(
        messages.map(({ peer, text }) => [peer, text]),
        [
          [client.name, 'first'],
          [client.name, '\\x1b[31mred'],
        ],
      )
      assert.deepEqual(seen.warnings, [])
    })
    client.close()
  })
})

test('model single: its only process, what it has counted, how long the disk took, and the last messages', async () => {
  await withStore({ model: 'single' }, async ({ server }) => {
    await watched(server, async (page) => {
      const before = await page.server('a store that has stored nothing', ({ syncTimes }) => syncTimes?.count === 0)
      assert.deepEqual([before.listening, before.connections, before.endCounts], [[server.address], 0, []])
      const client = await server.connect()
      for (const line of ['first\n', 'second\n']) await client.exchange(line)
      const seen = await page.server('both', ({ totals }) => totals?.messages === 2)
      assert.deepEqual(
        seen.processes.map(({ pid, role, connections, bytesRead }) => [pid, role, connections, bytesRead]),
        [[server.pid, 'single', 1, 13]],
      )
      assert.deepEqual([seen.totals?.accepted, seen.totals?.forked, seen.syncTimes?.count], [1, 0, 2])
      const { messages } = JSON.parse((await page.ask(`/api/messages?pid=${server.pid}`)).text) as {
        messages: MessageShot[]
      }
      assert.deepEqual(
        messages.map(({ text }) => text),
        ['first', 'second'],
      )
      assert.match(await psText(`${server.pid}`), /^single +\d+ \w+ +1 connection /m)
      assert.deepEqual((await psOf(server, '--fds')).warnings, [])
      client.close()
      await page.server('none', ({ connections }) => connections === 0)
    })
  })
})

test('what is encrypted is not compared with what the kernel has seen', async () => {
  await withFolder(async (folder) => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    writeFileSync(key, privateKey)
    writeFileSync(cert, certificate)
    await withServer(echo('--tls-key', key, '--tls-cert', cert), async (server) => {
      const [host, port] = server.address.split(':')
      const client = tls.connect({ host, port: Number(port), rejectUnauthorized: false })
      await once(client, 'secureConnect')
      client.write('hello')
      await once(client, 'data')
      await watched(server, async (page) => {
        const first = await page.server('its bytes', ({ totals }) => totals?.bytesRead === 5)
        const shared = performance.now() + 2500
        const later = await page.server('a while', () => performance.now() > shared)
        assert.deepEqual([first.warnings, later.warnings, later.connections], [[], [], 1])
      })
      client.destroy()
    })
  })
})

/** As another user of this machine, through curl. */
async function statusFor(url: string, ...headers: string[]): Promise<string> {
  const [command = '', ...args] = [...asNobody, 'curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', ...headers, url]
  const child = spawn(command, args)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await once(child, 'close')
  return text
}

test('who may not read the file of a store does not read it in the page', { skip: noNobody }, async () => {
  await withStore({}, async ({ server, file }) => {
    const client = await server.connect()
    await client.exchange('secret\n')
    const path = `api/messages?pid=${writerOf(server)}`
    await watched(server, async (page) => {
      await page.server('it', ({ connections }) => connections === 1)
      assert.equal(await statusFor(`${page.url}health`), '200')
      assert.equal(await statusFor(page.url + path), '403')
      chmodSync(file, 0o644)
      assert.equal(await statusFor(page.url + path), '200')
      chmodSync(file, 0o640)
    })
    const token = 'correct-horse-battery'
    await withPage([`${server.pid}`, '--token', token], async (page) => {
      assert.equal(await statusFor(page.url + path, '-H', `Authorization: Bearer ${token}`), '200')
      assert.equal((await page.ask(`/${path}`)).status, 401)
    })
    client.close()
  })
})

test('a socket in a worker that somebody else writes to is warned of; one for many clients that all is well with is not', async () => {
  await withServer(fixture('planting.js', { model: 'multiplex', workers: 1 }), async (server) => {
    const clients = [await server.connect(), await server.connect()] as const
    for (const client of clients) await pidFrom(client, '1')
    const [worker] = (await psOf(server)).processes.filter(({ role }) => role === 'worker')
    const served = worker?.serves.find(({ client }) => client === clients[1].name)
    await watched(server, async (page) => {
      const before = await page.server('both', ({ connections }) => connections === 2)
      assert.deepEqual(before.warnings, [])
      clients[0].send(`beside ${served?.descriptor}\n`)
      const { warnings } = await page.server('bytes in doubt', (seen) => seen.warnings.length > 0)
      assert.deepEqual(
        warnings.map(({ kind, pid }) => [kind, pid]),
        [['bytes-differ', worker?.pid]],
      )
      assert.ok(warnings[0]?.text.includes(`bytes of ${clients[1].name} `), warnings[0]?.text)
    })
    for (const client of clients) client.close()
  })
})

test('a pipe fills while its reader is stopped; a leaked end of one, and a socket that somebody else writes to, are warned of once they have lasted', async () => {
  await withServer(fixture('planting.js'), async (server) => {
    const client = await server.connect()
    await pidFrom(client, 'leaked-pipe-end')
    const [handler = 0] = await server.connections(1)
    await watched(server, async (page) => {
      const seen = await page.server('the leak', ({ warnings }) =>
        warnings.some(({ kind }) => kind === 'leaked-pipe-end'),
      )
      assert.deepEqual(
        seen.warnings.map(({ kind, pid }) => [kind, pid]),
        [['leaked-pipe-end', handler]],
      )
      await pidFrom(client, 'close')
      await pidFrom(client, 'wait')
      await page.server('no warning', ({ warnings }) => warnings.length === 0)
      await fillPipe(client, 8000, async (reader) => {
        const { pipes } = await page.server('it fills', (now) => now.pipes.some(({ bytes }) => bytes === 8000))
        const [first] = pipes
        assert.deepEqual([first?.from.pids, first?.to.pids, first?.room], [[handler], [reader], 65_536])
      })
      await page.server('it is empty', ({ pipes }) => pipes.every(({ bytes }) => bytes === 0))
      await pidFrom(client, 'close')
      await pidFrom(client, 'wait')
      const { descriptors } = JSON.parse((await page.ask(`/api/process?pid=${handler}`)).text) as ProcessDetails
      const socket = descriptors.find(({ what }) => what.startsWith(`connection with ${client.name}`))?.fd ?? -1
      client.send(`beside ${socket}\n`)
      await page.server('bytes in doubt', ({ warnings }) =>
        warnings.some(
          ({ kind, pid, text }) =>
            kind === 'bytes-differ' && pid === handler && text.includes('somebody else uses its socket too'),
        ),
      )
    })
    client.close()
  })
})
