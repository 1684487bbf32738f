/** Kernels and containers that refuse a system call: what only makes a server faster is never needed to start. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, converse } from '../harness/client.js'
import { FILTERED, noFilter, under } from '../harness/filtered.js'
import { fixture, type Launch } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { withStore } from '../harness/store.js'

async function echoes(server: TestServer): Promise<void> {
  const staying = await Client.connect(server.address)
  assert.equal(await staying.exchange('staying'), 'staying')
  // model single serves one after another
  if (server.supervisor === server.pid) staying.close()
  for (let round = 0; round < 3; round++)
    assert.equal((await converse(server.address, `round ${round}`)).toString(), `round ${round}`)
  staying.close()
}

const servers: Record<string, Launch> = {
  'fork, callbacks': fixture('echo-callbacks.js'),
  'fork, async': fixture('echo-async.js'),
  'multiplex, callbacks': fixture('echo-callbacks.js', { model: 'multiplex', workers: 2 }),
  'multiplex, async': fixture('echo-async.js', { model: 'multiplex', workers: 2 }),
  single: fixture('echo-async.js', { model: 'single' }),
}

for (const refusal of ['EPERM', 'ENOSYS'] as const) {
  for (const [name, launch] of Object.entries(servers))
    test(`${name}: serves where ${FILTERED.join(', ')} give ${refusal}`, { skip: noFilter }, async () => {
      await withServer({ ...launch, under: under(FILTERED, refusal) }, echoes)
    })

  test(`the store stores where ${FILTERED.join(', ')} give ${refusal}`, { skip: noFilter }, async () => {
    await withStore({ under: under(FILTERED, refusal) }, async ({ server }) => {
      assert.equal((await converse(server.address, 'one\n')).toString(), 'one\n')
    })
  })
}

for (const call of ['memfd_create', 'close_range', 'pidfd_open', 'kcmp'] as const)
  test(`serves where ${call} alone gives EPERM`, { skip: noFilter }, async () => {
    await withServer({ ...fixture('echo-callbacks.js'), under: under([call], 'EPERM') }, echoes)
  })

test('a server that cannot watch its supervisor by descriptor still learns of its end', {
  skip: noFilter,
}, async () => {
  await withServer({ ...fixture('echo-callbacks.js'), under: under(['pidfd_open'], 'ENOSYS') }, async (server) => {
    process.kill(server.supervisor, 'SIGKILL')
    assert.deepEqual(await server.finished(), { code: 137, signal: null }, server.stderr)
  })
})
