/** A server in a terminal: Ctrl-C reaches it once, whatever the terminal does to who is in its background, and nothing is left. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { childrenOf, statOf, titleOf } from '../harness/proc.js'
import { tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

/** Runs its arguments in a terminal of their own; what comes on standard input is typed there. */
const inTerminal = ['sh', '-c', 'exec script -qfec "exec $*" /dev/null', 'sh']
/** The same with a shell that has job control, which goes on once it is told to. */
const withJobs = ['sh', '-c', 'exec script -qfec "bash --norc -mc \'$*; echo STOPPED; read x; fg\'" /dev/null', 'sh']
/** The same where who is in the background is stopped when it writes. */
const withTostop = ['sh', '-c', 'exec script -qfec "stty tostop; exec $*" /dev/null', 'sh']
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

const talkative = tined('echo', '--listen', '127.0.0.1:0', '--log-level', 'debug', '--drain-timeout', '1s')

/** The launcher and the supervisor of a server that was started in a terminal. */
function processesOf(server: TestServer): { launcher: number; supervisor: number } {
  const find = (pid: number): number | undefined =>
    childrenOf(pid).find((child) => titleOf(child) === 'tined: supervisor') === undefined
      ? childrenOf(pid).map(find).find(Boolean)
      : pid
  const launcher = find(server.pid) as number
  return { launcher, supervisor: childrenOf(launcher)[0] as number }
}

test('stty tostop: the log is written, and Ctrl-C stops the server', { skip }, async () => {
  await withServer({ ...talkative, under: withTostop }, async (server) => {
    assert.equal((await converse(server.address, 'hello')).toString(), 'hello')
    await server.printed('connection process exited')
    server.child.stdin?.write('\x03')
    assert.deepEqual(await server.finished(), { code: 0, signal: null })
  })
})

test('Ctrl-Z stops the launcher alone: the server answers, and after fg all is as before', { skip }, async () => {
  await withServer({ ...talkative, under: withJobs }, async (server) => {
    const { launcher } = processesOf(server)
    server.child.stdin?.write('\x1a')
    await server.printed('STOPPED')
    assert.equal(statOf(launcher)?.state, 'T')
    assert.equal((await converse(server.address, 'hello')).toString(), 'hello')
    server.child.stdin?.write('\n')
    await until('the launcher to go on', () => statOf(launcher)?.state === 'S')
    server.child.stdin?.write('\x03')
    assert.deepEqual(await server.finished(), { code: 0, signal: null })
  })
})

/** A launcher kills a supervisor that does not answer for so long: one that waits for a terminal must not come to that. */
const SILENT_MS = 5000

test('Ctrl-S stops the output, and SIGTERM drains the server and ends it all the same', { skip }, async () => {
  const args = ['--listen', '127.0.0.1:0', '--log-level', 'debug', '--drain-timeout', '60s']
  await withServer({ ...tined('echo', ...args), under: inTerminal }, async (server) => {
    const { launcher } = processesOf(server)
    const client = await server.connect()
    await client.exchange('before')
    server.child.stdin?.write('\x13')
    process.kill(launcher, 'SIGTERM')
    const since = performance.now()
    await until('a silent supervisor would be killed', () => performance.now() - since > SILENT_MS + 500, 9000)
    await client.exchange('after')
    client.close()
    await until('the end of the launcher', () => statOf(launcher) === undefined, 8000)
    server.child.stdin?.write('\x11')
    assert.deepEqual(await server.finished(), { code: 0, signal: null })
  })
})

test('closing the terminal stops the server', { skip }, async () => {
  await withServer({ ...talkative, under: inTerminal }, async (server) => {
    const { launcher, supervisor } = processesOf(server)
    assert.equal((await converse(server.address, 'hello')).toString(), 'hello')
    server.signal('SIGKILL')
    await until('the end of the server', () => statOf(launcher) === undefined && statOf(supervisor) === undefined)
  })
})
