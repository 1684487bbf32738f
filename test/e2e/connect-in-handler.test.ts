/** `connect()` in processes that were forked for a connection: each has a loop, and so a client, of its own. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { listening } from '../harness/listening.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'

test('a proxy passes bytes and ends of file on, both ways, for several clients at once', async () => {
  const upstream = await listening((socket) => void socket.pipe(socket))
  const launch = { ...fixture('proxy.js', { model: 'fork' }), env: { TINED_UPSTREAM: upstream.address } }
  await withServer(launch, async (server) => {
    const bytes = [1, 2, 3].map(() => randomBytes(2 * 1024 * 1024))
    const answers = await Promise.all(bytes.map((each) => converse(server.address, each)))
    assert.deepEqual(
      answers.map((answer, index) => answer.equals(bytes[index] as Buffer)),
      [true, true, true],
    )
    await server.connections(0)
  })
  upstream.close()
})
