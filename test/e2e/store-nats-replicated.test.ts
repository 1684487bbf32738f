/** `replicated` of some clients, or of some messages: they wait for the stream, and nobody else does. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Client } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { Nats, noNats, streamed } from '../harness/nats.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { killWriter } from '../harness/store.js'
import { until } from '../harness/until.js'

const options = { skip: noNats }

/** Runs a test with a store whose broker is away. */
async function withoutBroker(
  model: 'fork' | 'multiplex',
  what: string,
  test: (server: TestServer, nats: Nats, spool: () => string) => Promise<void>,
): Promise<void> {
  const nats = await new Nats().start()
  try {
    await withFolder(async (folder) => {
      await nats.kill()
      const file = join(folder, 'spool')
      const to = `nats://${nats.address}/messages`
      const launch = fixture('replicating.js', { model }, to, file, what)
      await withServer(launch, (server) => test(server, nats, () => readFileSync(file, 'utf8')))
    })
  } finally {
    await nats.end()
  }
}

async function line(client: Client): Promise<string> {
  let answer = ''
  while (!answer.endsWith('\n')) answer += await client.takeText(1)
  return answer.slice(0, -1)
}

for (const model of ['fork', 'multiplex'] as const) {
  test(
    `${model}: one client waits for the stream, also when the writer dies, and the next is told at once`,
    options,
    () =>
      withoutBroker(model, 'store', async (server, nats, spool) => {
        const patient = await server.connect()
        patient.send('patient 1\npatient 2\n')
        await until('both are on disk', () => spool().includes('patient 2'))
        const hasty = await server.connect()
        hasty.send('hasty 1\n')
        assert.match(await line(hasty), /^3 disk /)
        if (model === 'fork') await killWriter(server)
        patient.send('patient 3\n')
        patient.socket.end()
        hasty.send('hasty 2\n')
        assert.match(await line(hasty), /^\d disk /)
        await until('the last one is on disk', () => spool().includes('patient 3'))
        assert.equal(patient.bytesReceived, 0, 'the stream has nothing yet')
        await nats.start()
        for (const number of [1, 2, 3]) assert.match(await line(patient), /^(?:\d|-) replicated /, `patient ${number}`)
        assert.equal(String(await patient.rest()), '')
        const texts = async () => (await streamed(nats.address, 'messages')).map(({ text }) => text).sort()
        const all = ['hasty 1', 'hasty 2', 'patient 1', 'patient 2', 'patient 3']
        await until('all are there', async () => (await texts()).length === all.length)
        assert.deepEqual(await texts(), all)
        patient.close()
        hasty.close()
        // a descriptor of the next writer's is another
        assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
      }),
  )

  test(
    `${model}: append, replicated or not, is fulfilled in the order of a process's calls, and of others at once`,
    options,
    () =>
      withoutBroker(model, 'append', async (server, nats, spool) => {
        const one = await server.connect()
        one.send('disk 1\n')
        assert.equal(await line(one), 'disk 1 disk')
        one.send('replicated 2\ndisk 3\n')
        await until('both are on disk', () => spool().includes('disk 3'))
        if (model === 'fork') {
          const other = await server.connect()
          other.send('disk 4\n')
          assert.equal(await line(other), 'disk 4 disk')
          other.close()
        }
        assert.equal(one.bytesReceived, 0)
        await nats.start()
        assert.equal(await line(one), 'replicated 2 replicated')
        assert.equal(await line(one), 'disk 3 disk')
        one.close()
      }),
  )
}
