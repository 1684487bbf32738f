/** When a process of the server is killed with SIGKILL, nothing of the tree stays behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAlive } from '../harness/proc.js'
import { fixture, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { pidFrom } from '../harness/spawning.js'
import { until } from '../harness/until.js'

/** Connects and makes the connection process start a program; returns the program's pid. */
async function startProgram(server: TestServer, kind: string): Promise<number> {
  const pid = await pidFrom(await server.connect(), kind)
  assert.ok(isAlive(pid), `${pid} runs`)
  return pid
}

for (const kind of ['child', 'long-lived-orphan', 'long-lived-orphan-of-its-own-session'])
  for (const victim of ['launcher', 'supervisor'] as const)
    test(`nothing is left when the ${victim} is killed while a handler has a ${kind}`, async () => {
      await withServer(fixture('spawning.js'), async (server) => {
        const program = await startProgram(server, kind)
        await startProgram(server, kind)
        server.observe()
        process.kill(victim === 'launcher' ? server.pid : server.supervisor, 'SIGKILL')
        await until('the end of the launcher', () => server.ended)
        await until(`the end of ${program}`, () => !isAlive(program))
        await server.assertGone()
      })
    })

test('nothing is left when the launcher is killed under load', async () => {
  await withServer(tined('echo', '--listen', '127.0.0.1:0'), async (server) => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => server.connect()))
    for (const client of clients) client.socket.on('error', () => {})
    await Promise.all(clients.map((client) => client.exchange('hello')))
    server.observe()
    process.kill(server.pid, 'SIGKILL')
    await server.assertGone()
    for (const client of clients) client.close()
  })
})

test('the tined command says that its supervisor was killed, and exits with status 111', async () => {
  await withServer(tined('echo', '--listen', '127.0.0.1:0'), async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    client.socket.on('error', () => {})
    server.observe()
    process.kill(server.supervisor, 'SIGKILL')
    assert.deepEqual(await server.finished(), { code: 111, signal: null })
    assert.match(server.stderr, /^tined: fatal: the supervisor killed by SIGKILL$/m)
    client.close()
  })
})

test('nothing is left when launcher and supervisor are killed at the same time', async () => {
  await withServer(fixture('echo-async.js'), async (server) => {
    const client = await server.connect()
    client.socket.on('error', () => {})
    await client.exchange('hello')
    server.observe()
    process.kill(server.supervisor, 'SIGKILL')
    process.kill(server.pid, 'SIGKILL')
    await server.assertGone()
    client.close()
  })
})
