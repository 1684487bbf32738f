/** What handlers forget, as `tined ps` shows it: zombies, pipe ends, sockets of clients. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { kindsOf, psOf, psText } from '../harness/ps.js'
import { withServer } from '../harness/server.js'
import { pidFrom } from '../harness/spawning.js'
import { until } from '../harness/until.js'

const planting = fixture('planting.js')

test('a child that nobody waits for is seen as a zombie, until somebody does', async () => {
  await withServer(planting, async (server) => {
    const client = await server.connect()
    const zombie = await pidFrom(client, 'zombie')
    const [handler = 0] = server.observe()
    const seen = await until('it is seen', async () => {
      const now = await psOf(server)
      return kindsOf(now).includes('zombie') && now
    })
    const text = `${zombie} is a zombie: it has ended, and its parent ${handler} has not waited for it`
    assert.deepEqual(seen.warnings, [{ kind: 'zombie', pid: zombie, text }])
    const process = seen.processes.find(({ pid }) => pid === zombie)
    assert.deepEqual([process?.state, process?.parent], ['zombie', handler])
    assert.match(await psText(`${server.pid}`), new RegExp(`^WARNING: ${text}$`, 'm'))
    assert.equal(await pidFrom(client, 'wait'), 3 << 8)
    assert.deepEqual(kindsOf(await psOf(server)), [])
    client.close()
  })
})

test('a pipe whose writer keeps the read end too is called out, with who reads it', async () => {
  await withServer(planting, async (server) => {
    const client = await server.connect()
    const reader = await pidFrom(client, 'leaked-pipe-end')
    const [handler = 0] = server.observe()
    const seen = await psOf(server, '--fds')
    assert.deepEqual(
      seen.warnings.map(({ kind, pid }) => [kind, pid]),
      [['leaked-pipe-end', handler]],
    )
    const pipe = seen.processes.find(({ pid }) => pid === reader)?.descriptors?.find(({ kind }) => kind === 'pipe')
    assert.ok(pipe !== undefined)
    const text = await psText(`${server.pid}`, '--fds')
    assert.match(
      text,
      new RegExp(`^WARNING: ${handler} holds both ends of pipe \\[\\d+\\], which ${reader} reads too`, 'm'),
    )
    assert.match(text, /read end of pipe \[\d+\], 0 of 64K; written by \d+/)
    await pidFrom(client, 'close')
    await pidFrom(client, 'wait')
    assert.deepEqual(kindsOf(await psOf(server, '--fds')), [])
    client.close()
  })
})

test('a client’s socket in two connection processes is called out', async () => {
  await withServer(planting, async (server) => {
    const [owner, thief]: [Client, Client] = [await server.connect(), await server.connect()]
    for (const client of [owner, thief]) await pidFrom(client, '1')
    const { processes } = await psOf(server)
    const owned = processes.find(({ client }) => client === owner.name)
    assert.ok(owned?.descriptor !== undefined)
    assert.ok((await pidFrom(thief, `take ${owned.pid} ${owned.descriptor}`)) >= 0)
    const seen = await psOf(server, '--fds')
    assert.deepEqual(kindsOf(seen), ['shared-client'])
    assert.match(seen.warnings[0]?.text ?? '', new RegExp(`client ${owner.name} is held by more than one`))
    const entry = seen.processes
      .find(({ pid }) => pid === owned.pid)
      ?.descriptors?.find(({ fd }) => fd === owned.descriptor)
    assert.equal(entry?.what, `connection with ${owner.name}, ESTABLISHED`)
    assert.equal(entry?.alsoHeldBy.length, 1)
    await pidFrom(thief, 'close')
    assert.deepEqual(kindsOf(await psOf(server, '--fds')), [])
    for (const client of [owner, thief]) client.close()
  })
})

test('no model is warned of while all is well', async () => {
  for (const model of ['fork', 'prefork', 'multiplex'] as const)
    await withServer(fixture('echo-async.js', { model }), async (server) => {
      const clients = [await server.connect(), await server.connect()]
      for (const client of clients) await client.exchange('hello')
      const { warnings, processes } = await psOf(server, '--fds')
      assert.deepEqual(warnings, [], model)
      const supervisor = processes.find(({ role }) => role === 'supervisor')
      assert.ok(supervisor?.descriptors?.some(({ what }) => what === 'memory file tined-scoreboard'))
      for (const client of clients) client.close()
    })
})
