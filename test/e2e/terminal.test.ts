/** A server in a terminal: Ctrl-C reaches it once, and nothing is left. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { childrenOf, statOf } from '../harness/proc.js'
import { tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

/** Runs its arguments in a terminal of their own; what comes on standard input is typed there. */
const inTerminal = ['sh', '-c', 'exec script -qfec "exec $*" /dev/null', 'sh']
const skip = spawnSync('script', ['--version']).status === 0 ? false : 'script(1) is not installed'

test('Ctrl-C in a terminal stops the server, connections and all', { skip }, async () => {
  const launch = { ...tined('echo', '--listen', '127.0.0.1:0', '--log-level', 'debug'), under: inTerminal }
  await withServer(launch, async (server) => {
    const [launcher] = childrenOf(server.pid) as [number]
    const [supervisor] = childrenOf(launcher) as [number]
    const client = await server.connect()
    client.socket.on('error', () => {})
    await client.exchange('hello')
    server.observe()
    assert.equal(statOf(supervisor)?.group, supervisor, 'the supervisor is out of the terminal’s foreground group')
    server.child.stdin?.write('\x03')
    assert.deepEqual(await server.finished(), { code: 0, signal: null })
    assert.match(server.stdout, /stopped/)
    client.close()
  })
})
