/** A message has a deadline of its own in the store: a byte a second passes every other time-out. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

for (const model of ['single', 'fork', 'prefork', 'multiplex'])
  test(`${model}: a client that drips is sent away with a reason, and what was whole before is stored`, async () => {
    const flags = ['--model', model, '--message-timeout', '600ms', '--idle-timeout', '5s', '--to', 'text:stored']
    const launch = tined('store', '--listen', '127.0.0.1:0', ...flags)
    await withServer(
      { ...launch, under: ['sh', '-c', 'cd "$(dirname "$TINED_PORT_FILE")" && exec "$@"', 'sh'] },
      async (server) => {
        const client = await server.connect()
        assert.equal(await client.exchange('whole\n'), 'whole\n')
        let dripping = true
        const drip = (async () => {
          while (dripping) {
            client.send('x')
            await delay(50)
          }
        })()
        assert.equal(String(await client.rest(4000)), 'error: message not complete within 600 ms\n')
        dripping = false
        await drip
        client.close()
        const next = await server.connect()
        // whole in time, though it takes longer than one message may altogether
        for (let round = 0; round < 4; round++) {
          next.send('a')
          await delay(200)
          assert.equal(await next.send('b\n').takeText(3), 'ab\n')
        }
        next.close()
        assert.equal(readFileSync(join(server.folder, 'stored'), 'utf8'), 'whole\nab\nab\nab\nab\n')
      },
    )
  })
