/** Processes that are stopped when their server ends: nobody waits for them for ever, and none stays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAlive, statOf } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { pidFrom } from '../harness/spawning.js'
import { messagesOf, withStore, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'
import { notRoot } from '../harness/users.js'

const clean = { code: 0, signal: null }

async function stop(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await until('it has stopped', () => statOf(pid)?.state === 'T')
}

test('a connection process that is stopped does not outlast a drain', async () => {
  await withServer(fixture('spawning.js', { drainTimeoutMs: 300 }), async (server) => {
    await pidFrom(await server.connect(), 'child')
    const [connection] = await server.connections(1)
    await stop(connection as number)
    assert.deepEqual(await server.stop('SIGTERM'), clean)
  })
})

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} ends a server whose program has become another user, and whose supervisor is stopped`, {
    skip: notRoot,
  }, async () => {
    await withServer(fixture('spawning.js'), async (server) => {
      await server.ask('become-nobody')
      await stop(server.supervisor)
      assert.deepEqual(await server.stop(signal), clean)
    })
  })

for (const victims of [['launcher'], ['supervisor'], ['launcher', 'supervisor'], ['supervisor', 'launcher']] as const)
  test(`a handler that has become another user and is stopped ends when killed: ${victims.join(', then ')}`, {
    skip: notRoot,
  }, async () => {
    await withServer(fixture('spawning.js'), async (server) => {
      const pid = await pidFrom(await server.connect(), 'another user')
      server.observe()
      await stop(pid)
      for (const victim of victims) process.kill(victim === 'launcher' ? server.pid : server.supervisor, 'SIGKILL')
      await until('the end of the launcher', () => server.ended)
      await until('the end of the handler', () => !isAlive(pid))
      await server.assertGone()
    })
  })

test('a store whose writer is stopped ends all the same, and what had come back is there', async () => {
  await withStore({}, async ({ server, file }) => {
    const client = await server.connect()
    assert.equal(await client.exchange('stored\n'), 'stored\n')
    client.close()
    await server.connections(1)
    await stop(writerOf(server) as number)
    assert.deepEqual(await server.stop('SIGTERM'), clean)
    assert.deepEqual(messagesOf(file).map(String), ['stored'])
  })
})
