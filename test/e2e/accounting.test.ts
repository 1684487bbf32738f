/** The supervisor's books are right at every moment: forked = running + reaped, and /proc agrees. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { childrenOf } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const CLIENTS = 120
const AT_ONCE = 8

for (const name of ['echo-callbacks.js', 'echo-async.js'])
  test(`forked is running plus reaped at every moment of a load on ${name}, and the kernel agrees`, async () => {
    await withServer(fixture(name), async (server) => {
      let left = CLIENTS
      const client = async (): Promise<void> => {
        while (left > 0) {
          const text = `number ${left--}`
          assert.equal((await converse(server.address, text)).toString(), text)
        }
      }
      const load = Promise.all(Array.from({ length: AT_ONCE }, client))
      let loaded = false
      load.finally(() => {
        loaded = true
      })
      let samples = 0
      let mostAtOnce = 0
      while (!loaded) {
        const { forked, running, reaped, connections } = await server.stats()
        assert.equal(forked, running + reaped)
        assert.equal(connections, running)
        mostAtOnce = Math.max(mostAtOnce, running)
        const children = childrenOf(server.supervisor).length
        const after = await server.stats()
        // all that ran throughout, and at most what was forked meanwhile
        assert.ok(children >= forked - after.reaped, `${children} children, ${forked} forked, ${after.reaped} reaped`)
        assert.ok(children <= after.forked - reaped, `${children} children, ${after.forked} forked, ${reaped} reaped`)
        samples++
      }
      await load
      assert.ok(samples > 3 && mostAtOnce > 0, `${samples} samples, ${mostAtOnce} at once`)
      await server.connections(0)
      const { forked, running, reaped, adopted, accepted } = await server.stats()
      assert.deepEqual(
        { forked, running, reaped, adopted, accepted },
        { forked: CLIENTS, running: 0, reaped: CLIENTS, adopted: 0, accepted: CLIENTS },
      )
    })
  })
