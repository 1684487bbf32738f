/** The fallback, without V8's threads: servers work the same, and `tined doctor` says which way is in force. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { fixture, type Launch, runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const env = { TINED_FORK_WAY: 'flags' }
const FLAGS = ['--single-threaded', '--v8-pool-size=1']

const servers: Record<string, Launch> = {
  'the tined command': tined('echo', '--listen', '127.0.0.1:0'),
  'a program with callbacks': fixture('echo-callbacks.js'),
  'a program with an async function': fixture('echo-async.js'),
}

for (const [name, launch] of Object.entries(servers))
  test(`${name} executes Node again with the flags, serves, and stops cleanly`, async () => {
    await withServer({ ...launch, env }, async (server) => {
      const command = readFileSync(`/proc/${server.pid}/cmdline`, 'utf8').split('\0')
      assert.deepEqual(command.slice(1, 3), FLAGS)
      for (const text of ['one', 'two', 'x'.repeat(300_000)])
        assert.equal((await converse(server.address, text)).toString(), text)
      const client = await server.connect()
      assert.equal(await client.exchange('still there'), 'still there')
      client.close()
      await server.connections(0)
    })
  })

test('tined doctor names the way in force', async () => {
  const { code, stdout } = await runToEnd(tined('doctor'))
  assert.match(stdout, /^way in force: stop-start /m)
  assert.equal(code, 0, stdout)
})

test('tined doctor names the fallback when Node was started with its flags', async () => {
  const { code, stdout } = await runToEnd({ ...tined('doctor'), nodeFlags: FLAGS })
  assert.match(stdout, /^way in force: flags /m)
  assert.equal(code, 0, stdout)
})

test('tined doctor finds the fallback where it is forced', async () => {
  const { code, stdout, stderr } = await runToEnd({ ...tined('doctor'), env })
  assert.match(stdout, /^way in force: flags /m, stderr)
  assert.equal(code, 0, stdout)
})

test('a Node that may not load add-ons is one clear line and status 111', async () => {
  const { code, stderr } = await runToEnd({ ...tined('doctor'), nodeFlags: ['--no-addons'] })
  assert.match(stderr, /^tined: fatal: Tined cannot be loaded: Node runs with --no-addons, [^\n]+\n$/)
  assert.equal(code, 111)
})
