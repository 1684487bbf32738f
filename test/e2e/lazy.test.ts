/** A process of model fork becomes a whole Node when its handler waits for something of Node's, and not before. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { statusField } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'

const answers: Record<string, string> = {
  gzip: 'true',
  brotli: 'true',
  readFile: 'true',
  lookup: '127.0.0.1',
  resolve4: 'ENOTFOUND',
  webcrypto: '32',
  compile: '1',
  instantiate: '42',
  notified: 'ok',
  immediate: 'ran',
  import: 'true',
  port: 'over a port',
  watcher: 'changed',
  raceTimer: 'the timer',
  raceUnreferenced: 'the timer',
  raceSignal: 'the signal',
  raceGzip: 'the pool',
  raceCompile: 'the compiler',
  raceWaitAsync: 'timed-out',
  raceNotified: 'ok',
}

async function ask(server: TestServer, name: string, later: boolean): Promise<string> {
  const client = await server.connect()
  client.send(later ? `${name} later\n` : name)
  if (later)
    for (let round = 0; round < 3; round++) {
      assert.equal(await client.takeText(5), 'ping\n')
      client.send('pong\n')
    }
  const answer = `${name}: ${answers[name]}\n`
  const got = await client.takeText(answer.length)
  client.end()
  await client.rest()
  client.close()
  return got
}

for (const later of [false, true])
  test(`what is hard to see wakes a process ${later ? 'after some round trips' : 'at once'}`, async (t) => {
    await withServer(fixture('hard-to-see.js'), async (server) => {
      for (const name of Object.keys(answers))
        await t.test(name, async () => assert.equal(await ask(server, name, later), `${name}: ${answers[name]}\n`))
      await server.connections(0)
      const ends = server.log.filter(({ role }) => role === 'connection').map(({ msg }) => msg)
      assert.deepEqual(new Set(ends), new Set(['connection process exited with status 0: finished']))
      assert.doesNotMatch(server.stderr, /inspector|Debugger/)
    })
  })

for (const name of ['echo-async.js', 'echo-node-callbacks.js'])
  test(`a process of ${name} has one thread as long as it only talks to its client`, async () => {
    await withServer(fixture(name), async (server) => {
      const client = await server.connect()
      for (let round = 0; round < 3; round++) await client.exchange('hello')
      const [pid] = (await server.connections(1)) as [number]
      assert.equal(statusField(pid, 'Threads'), '1')
      client.close()
    })
  })

test('a handler may wait at once for a Worker that it has started, and so may Node for its hooks', async () => {
  await withServer(fixture('awaits-worker.js'), async (server) => {
    for (let round = 0; round < 5; round++) {
      assert.match(String(await converse(server.address, 'worker')), /^(ok|not-equal)$/)
      assert.equal(String(await converse(server.address, 'hooks')), '42')
    }
    await server.connections(0)
  })
})

test('after a handler that computed, in one go from its first byte to its end, the next have threads that optimise', async () => {
  await withServer(fixture('computing.js'), async (server) => {
    assert.equal(String(await converse(server.address, '1')), '1 threads')
    assert.equal(String(await converse(server.address, '120')), '1 threads')
    await server.connections(0)
    assert.notEqual(String(await converse(server.address, '1')), '1 threads')
  })
})

test('a process that has waited for a timer has threads of its own', async () => {
  await withServer(fixture('hard-to-see.js'), async (server) => {
    const client = await server.connect()
    client.send('raceTimer later')
    await client.takeText(5)
    const [pid] = (await server.connections(1)) as [number]
    assert.equal(statusField(pid, 'Threads'), '1')
    for (let round = 0; round < 2; round++) {
      client.send('pong')
      await client.takeText(5)
    }
    client.send('pong')
    await client.takeText('raceTimer: the timer\n'.length)
    client.close()
  })
})

test('functions that a program had before it served give no two clients the same random numbers', async () => {
  await withServer(fixture('captured-random.js'), async (server) => {
    const drawn: string[] = []
    for (let client = 0; client < 6; client++)
      drawn.push(...(await converse(server.address, '')).toString().trim().split(' '))
    assert.equal(drawn.length, 12)
    assert.equal(new Set(drawn).size, 12, drawn.join(' '))
  })
})
