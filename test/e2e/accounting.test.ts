/** The supervisor's books are right at every moment: forked = running + reaped, and /proc agrees. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { childrenOf } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const CLIENTS = 120
const AT_ONCE = 8
const SAMPLES = 20

for (const name of ['echo-callbacks.js', 'echo-async.js'])
  test(`forked is running plus reaped at every moment of a load on ${name}, and the kernel agrees`, async () => {
    await withServer(fixture(name), async (server) => {
      let served = 0
      let samples = 0
      let mostAtOnce = 0
      // on a busy machine the load may be over before anybody has looked at it
      const enough = (): boolean => served >= CLIENTS && samples >= SAMPLES && mostAtOnce > 0
      const client = async (): Promise<void> => {
        while (!enough()) {
          const text = `number ${++served}`
          assert.equal((await converse(server.address, text)).toString(), text)
        }
      }
      const load = Promise.all(Array.from({ length: AT_ONCE }, client))
      let loaded = false
      load.finally(() => {
        loaded = true
      })
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
      await server.connections(0)
      const { forked, running, reaped, adopted, accepted } = await server.stats()
      assert.deepEqual(
        { forked, running, reaped, adopted, accepted },
        { forked: served, running: 0, reaped: served, adopted: 0, accepted: served },
      )
    })
  })
