/** Signals that people send to see what happens: no process of a server ends, stops or opens a debugger because of them. */
import assert from 'node:assert/strict'
import { constants } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { statOf, statusField, titleOf } from '../harness/proc.js'
import { fixture, type Launch, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const SIGNALS = ['SIGUSR1', 'SIGUSR2', 'SIGTTIN', 'SIGTTOU', 'SIGWINCH', 'SIGALRM'] as const
const NONE = /^0+$/

async function sendAll(pid: number): Promise<void> {
  const title = titleOf(pid)
  for (const signal of SIGNALS) {
    process.kill(pid, signal)
    await until(`${title} to have taken ${signal}`, () => NONE.test(statusField(pid, 'ShdPnd') ?? '0'))
    assert.match(statOf(pid)?.state ?? 'gone', /^[SRD]$/, `${title} after ${signal}`)
  }
}

async function assertUnmoved(server: TestServer, roles: readonly RegExp[]): Promise<void> {
  const client = await server.connect()
  assert.equal(await client.exchange('one\n'), 'one\n')
  const pids = [server.supervisor, ...server.observe()]
  const titles = pids.map(titleOf)
  for (const role of roles)
    assert.ok(
      titles.some((title) => role.test(title)),
      `${role} among ${titles}`,
    )
  for (const pid of pids) await sendAll(pid)
  assert.equal(await client.exchange('two\n'), 'two\n')
  assert.doesNotMatch(server.stderr, /Debugger listening/)
  client.close()
}

const launches: [name: string, launch: Launch, roles: RegExp[]][] = [
  ['callbacks, model fork', fixture('echo-callbacks.js'), [/supervisor/, /connection/]],
  ['async, model fork', fixture('echo-async.js'), [/supervisor/, /connection/]],
  ['callbacks, model prefork', fixture('echo-callbacks.js', { model: 'prefork' }), [/prefork/]],
  ['async, model prefork', fixture('echo-async.js', { model: 'prefork' }), [/prefork/]],
  ['callbacks, model multiplex', fixture('echo-callbacks.js', { model: 'multiplex' }), [/worker/]],
  ['async, model multiplex', fixture('echo-async.js', { model: 'multiplex' }), [/worker/]],
]

for (const [name, launch, roles] of launches)
  test(`${SIGNALS.join(', ')} to each process of a server: ${name}`, async () => {
    await withServer(launch, (server) => assertUnmoved(server, roles))
  })

test('and to the writer of a store', async () => {
  await withFolder(async (folder) => {
    const store = tined('store', '--model', 'fork', '--listen', '127.0.0.1:0', '--to', join(folder, 'messages.ndjson'))
    await withServer(store, (server) => assertUnmoved(server, [/supervisor/, /connection/, /writer/]))
  })
})

test('programs that a handler starts have the default actions, and an alarm that it sets ends it', async () => {
  await withServer(fixture('signals-given-back.js'), async (server) => {
    const ignored = async (how: string): Promise<bigint> =>
      BigInt(`0x${(await converse(server.address, how)).toString().trim()}`)
    const unasked = SIGNALS.reduce((set, name) => set | (1n << BigInt(constants.signals[name] - 1)), 0n)
    for (const how of ['spawn', 'execve']) assert.equal((await ignored(how)) & unasked, 0n, how)
    const client = await server.connect()
    client.socket.on('error', () => {})
    client.send('alarm')
    assert.equal(await server.endOf(client), 'connection process killed by SIGALRM')
    client.close()
  })
})
