/** `tined ps` beside running servers: what it shows is what is there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noFilter, under } from '../harness/filtered.js'
import { isAlive, statOf } from '../harness/proc.js'
import { fixture, runToEnd, tined } from '../harness/program.js'
import { kindsOf, psOf, psText, type SeenProcess } from '../harness/ps.js'
import { withServer } from '../harness/server.js'
import { pidFrom } from '../harness/spawning.js'
import { until } from '../harness/until.js'
import { asNobody, noNobody } from '../harness/users.js'

const echo = (model: string): ReturnType<typeof tined> => tined('echo', '--port', '0', '--model', model)

test('model fork: each client with its bytes, its process and its state', async () => {
  await withServer(echo('fork'), async (server) => {
    const clients = [await server.connect(), await server.connect()]
    for (const client of clients) await client.exchange('hello')
    // a client may have its answer before the process that wrote it has counted that, and waits again
    const counted = ({ role, bytesWritten, state }: SeenProcess): boolean =>
      role === 'connection' && bytesWritten === 5 && state === 'sleeping'
    const { launcher, supervisor, listening, scoreboard, processes, warnings } = await until('both wait', async () => {
      const seen = await psOf(server)
      return seen.processes.filter(counted).length === 2 && seen
    })
    assert.deepEqual({ launcher, supervisor }, { launcher: server.pid, supervisor: server.supervisor })
    assert.deepEqual(
      { listening, scoreboard, warnings },
      { listening: [server.address], scoreboard: true, warnings: [] },
    )
    const pids = await server.connections(2)
    for (const { name } of clients) {
      const process = processes.find(({ client }) => client === name)
      assert.ok(process !== undefined && pids.includes(process.pid), name)
      const { role, state, bytesRead, bytesWritten, messages } = process
      const expected = { role: 'connection', state: 'sleeping', bytesRead: 5, bytesWritten: 5, messages: 1 }
      assert.deepEqual({ role, state, bytesRead, bytesWritten, messages }, expected)
      assert.ok((process.pssBytes ?? 0) >= (process.ownBytes ?? 0) && (process.ownBytes ?? 0) > 0)
    }
    const text = await psText(`${server.supervisor}`)
    for (const { name } of clients)
      assert.match(text, new RegExp(`connection #\\d+ +\\d+ sleeping ${name} .* 5 +5 +1 `))
    for (const line of text.split('\n')) assert.ok(line.length <= 100, line)
    for (const client of clients) client.close()
    await server.connections(0)
  })
})

test('without a pid it finds the server by its mark', async () => {
  await withServer(echo('fork'), async (server) => {
    const { servers } = JSON.parse(await psText('--json')) as { servers: { supervisor: number }[] }
    assert.equal(servers.filter(({ supervisor }) => supervisor === server.supervisor).length, 1)
  })
})

test('model prefork: workers with their client, or idle', async () => {
  await withServer(echo('prefork'), async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    const workers = (await psOf(server)).processes.filter(({ role }) => role === 'prefork')
    const [busy, ...others] = workers.filter(({ occupation }) => occupation === 'busy')
    assert.equal(others.length, 0)
    assert.equal(busy?.client, client.name)
    assert.equal(busy?.bytesRead, 5)
    assert.ok(workers.some(({ occupation }) => occupation !== 'busy'))
    client.close()
    await until('idle again', async () => (await psOf(server)).processes.every((each) => each.occupation !== 'busy'))
  })
})

test('model multiplex: workers with the number of their connections, and each of these', async () => {
  await withServer(echo('multiplex'), async (server) => {
    const clients = [await server.connect(), await server.connect(), await server.connect()]
    for (const client of clients) await client.exchange('hello')
    const worker = (await psOf(server)).processes.find(({ role }) => role === 'worker')
    assert.equal(worker?.connections, 3)
    assert.equal(worker?.bytesRead, 15)
    assert.deepEqual(worker?.serves.map((each) => each.client).sort(), clients.map(({ name }) => name).sort())
    assert.match(await psText(`${server.pid}`), /worker #1 +\d+ \w+ +3 connections /)
    for (const client of clients) client.close()
  })
})

test('a process that was killed is among the last ends, with its reason', async () => {
  await withServer(echo('fork'), async (server) => {
    const client = await server.connect()
    client.socket.on('error', () => {})
    await client.exchange('hello')
    const [pid = 0] = await server.connections(1)
    process.kill(pid, 'SIGKILL')
    await server.connections(0)
    const [last] = (await psOf(server)).lastEnds
    assert.deepEqual({ ...last, livedMs: undefined }.reason, 'killed by SIGKILL')
    assert.equal(last?.pid, pid)
    assert.match(await psText(`${server.pid}`), new RegExp(`connection #1, ${pid}: killed by SIGKILL, `))
    client.close()
  })
})

test('where memfd_create is refused the table is made of /proc alone, and says so', { skip: noFilter }, async () => {
  await withServer({ ...echo('fork'), under: under(['memfd_create'], 'EPERM') }, async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    const { scoreboard, scoreboardMissing, processes } = await psOf(server)
    assert.equal(scoreboard, false)
    assert.match(scoreboardMissing ?? '', /memfd_create/)
    assert.equal(processes.find(({ role }) => role === 'connection')?.client, client.name)
    assert.match(await psText(`${server.pid}`), /the table is made of \/proc alone/)
    client.close()
  })
})

test('what a stopped supervisor leaves is seen, and gone when it goes on: a zombie, and an orphan', async () => {
  await withServer(fixture('spawning.js'), async (server) => {
    const client = await server.connect()
    const orphan = await pidFrom(client, 'long-lived-orphan')
    const [pid = 0] = server.observe()
    process.kill(server.supervisor, 'SIGSTOP')
    try {
      client.close()
      await until('the connection process has ended', () => statOf(pid)?.state === 'Z')
      await until('its program is the supervisor’s', () => statOf(orphan)?.ppid === server.supervisor)
      const seen = await psOf(server)
      const warned = seen.warnings.map(({ kind, pid: of }) => [kind, of])
      assert.deepEqual(warned.sort(), [
        ['orphan', orphan],
        ['unreaped', pid],
      ])
      assert.equal(seen.processes.find((each) => each.pid === pid)?.state, 'zombie')
      assert.equal(seen.processes.find(({ role }) => role === 'supervisor')?.state, 'stopped')
    } finally {
      process.kill(server.supervisor, 'SIGCONT')
    }
    await until('the orphan is ended', () => !isAlive(orphan))
    await until('nothing to warn of', async () => kindsOf(await psOf(server)).length === 0)
  })
})

test('another user sees who runs, and is told what may not be read', { skip: noNobody }, async () => {
  await withServer(echo('fork'), async (server) => {
    const { code, stdout, stderr } = await runToEnd({ ...tined('ps', `${server.pid}`), under: asNobody })
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    assert.match(stdout, new RegExp(`supervisor +${server.supervisor} sleeping`))
    assert.match(stdout, /^note: another user’s, of which not everything may be read: /m)
  })
})

test('wrong arguments are refused in words', async () => {
  const refusals: [args: string[], code: number, words: string][] = [
    [['x'], 100, 'PID: expected the number of a process, got "x"'],
    [['4194305'], 111, 'ps: there is no process 4194305'],
    [['--watch', '0'], 100, '--watch: expected seconds from 0.1 to 3600, got "0"'],
  ]
  for (const [args, code, words] of refusals) {
    const ended = await runToEnd(tined('ps', ...args))
    assert.deepEqual([ended.code, ended.stderr], [code, `tined: fatal: ${words}\n`])
  }
})

test('--watch goes on until nobody reads', async () => {
  const launch = { ...tined('ps', `${process.pid}`, '--watch', '0.1'), under: ['sh', '-c', '"$@" | head -n 12', 'sh'] }
  const { code, stdout } = await runToEnd(launch)
  assert.equal(code, 0)
  assert.ok(stdout.split('\n').filter((line) => line.startsWith('no server of Tined')).length > 1, stdout)
})
