/** Children that are not the server's are never reaped by it: child_process of the launcher gets every exit event. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const codes = Array.from({ length: 10 }, (_, code) => [code, null])

test('programs that the launcher runs beside the server report their exit codes and signals', async () => {
  await withServer(fixture('launcher-children.js'), async (server) => {
    const running = server.ask('run-many')
    for (let client = 0; client < 10; client++) await converse(server.address, 'hello')
    assert.deepEqual(await running, codes)
    assert.deepEqual(await server.ask('run-killed'), [null, 'SIGKILL'])
    await server.stop('SIGTERM')
    assert.match(server.stdout, /^afterwards \[42,null\]$/m)
  })
})

test('programs that the launcher runs report their exit codes while and after the supervisor is killed', async () => {
  await withServer(fixture('launcher-children.js'), async (server) => {
    const running = server.ask('run-many')
    process.kill(server.supervisor, 'SIGKILL')
    assert.deepEqual(await running, codes)
    assert.deepEqual(await server.finished(), { code: 137, signal: null })
    assert.match(server.stdout, /^exited {"code":137,"words":"killed by SIGKILL"}$/m)
    assert.match(server.stdout, /^afterwards \[42,null\]$/m)
  })
})
