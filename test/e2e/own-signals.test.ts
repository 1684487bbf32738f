/** A program's own signal listeners are the launcher's affair: they do not run in processes that are forked from it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'

test('a listener for SIGTERM runs in the launcher once, and a connection process still dies of SIGTERM', async () => {
  await withServer(fixture('own-signals.js'), async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    const [pid] = await server.connections(1)
    process.kill(pid as number, 'SIGTERM')
    assert.equal(await server.endOf(client), 'connection process killed by SIGTERM')
    assert.doesNotMatch(server.stdout, /SIGTERM/)
    assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
    assert.deepEqual(server.stdout.match(/^SIGTERM seen by .*$/gm), [`SIGTERM seen by ${server.pid}`])
    client.close()
  })
})
