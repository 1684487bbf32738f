/** How a server is stopped: TERM drains, INT and QUIT stop at once, HUP does nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converse, refusal } from '../harness/client.js'
import { fixture, runToEnd, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const clean = { code: 0, signal: null }
const listen = ['--listen', '127.0.0.1:0']
const logged = ['--log', 'json', '--log-level', 'debug']

/** Milliseconds until the launcher has ended. */
async function timeToEnd(server: TestServer): Promise<number> {
  const before = performance.now()
  assert.deepEqual(await server.finished(), clean)
  return performance.now() - before
}

for (const victim of ['launcher', 'supervisor'] as const)
  test(`SIGTERM to the ${victim} refuses new clients and lets running connections finish`, async () => {
    await withServer(tined('echo', ...listen, ...logged), async (server) => {
      const client = await server.connect()
      await client.exchange('before')
      process.kill(victim === 'launcher' ? server.pid : server.supervisor, 'SIGTERM')
      await server.logged('draining', ({ msg }) => msg.startsWith('draining'))
      assert.equal(await refusal(server.address), 'ECONNREFUSED')
      assert.equal(await client.exchange('while draining'), 'while draining')
      assert.equal(server.ended, undefined)
      client.end()
      await client.rest()
      assert.deepEqual(await server.finished(), clean)
      client.close()
    })
  })

test('what still runs after the drain time-out is ended', async () => {
  await withServer(fixture('stubborn.js', { drainTimeoutMs: 100 }), async (server) => {
    const client = await server.connect()
    client.socket.on('error', () => {})
    await client.take(5)
    server.signal('SIGTERM')
    assert.ok((await timeToEnd(server)) < 2000)
    assert.match(server.stderr, /drain time-out: ending what still runs/)
    client.close()
  })
})

for (const signal of ['SIGINT', 'SIGQUIT'] as const)
  for (const name of ['echo-callbacks.js', 'echo-async.js', 'stubborn.js'])
    test(`${signal} ends ${name} at once, running connections included`, async () => {
      await withServer(fixture(name), async (server) => {
        const client = await server.connect()
        client.socket.on('error', () => {})
        if (name === 'stubborn.js') await client.take(5)
        else await client.exchange('hello')
        server.signal(signal)
        assert.ok((await timeToEnd(server)) < 2000)
        assert.equal(await refusal(server.address), 'ECONNREFUSED')
        client.close()
      })
    })

test('SIGINT while draining ends at once', async () => {
  await withServer(tined('echo', ...listen, ...logged), async (server) => {
    const client = await server.connect()
    client.socket.on('error', () => {})
    await client.exchange('hello')
    server.signal('SIGTERM')
    await server.logged('draining', ({ msg }) => msg.startsWith('draining'))
    server.signal('SIGINT')
    assert.ok((await timeToEnd(server)) < 2000)
    client.close()
  })
})

test('SIGHUP changes nothing, and is said to', async () => {
  await withServer(tined('echo', ...listen, ...logged), async (server) => {
    server.signal('SIGHUP')
    await server.logged('SIGHUP', ({ msg }) => msg.startsWith('SIGHUP'))
    assert.equal((await converse(server.address, 'hello')).toString(), 'hello')
  })
})

test('server.drain() lets connections finish, and server.stop() does not', async () => {
  for (const how of ['drain', 'stop'])
    await withServer(fixture('echo-async.js'), async (server) => {
      const client = await server.connect()
      client.socket.on('error', () => {})
      await client.exchange('hello')
      const ended = server.ask(how)
      if (how === 'drain') {
        await server.logged('draining', ({ msg }) => msg.startsWith('draining'))
        assert.equal(await client.exchange('still here'), 'still here')
        client.end()
      }
      assert.deepEqual(await ended, { code: 0, words: 'exited with status 0: finished' })
      assert.deepEqual(await server.finished(), clean)
      client.close()
    })
})

test('with signals: false a signal is the program’s own affair, and nothing is left when it dies of it', async () => {
  await withServer(fixture('echo-async.js', { signals: false }), async (server) => {
    const client = await server.connect()
    client.socket.on('error', () => {})
    await client.exchange('hello')
    server.observe()
    server.signal('SIGTERM')
    await until('the end of the launcher', () => server.ended)
    assert.deepEqual(server.ended, { code: null, signal: 'SIGTERM' })
    await server.assertGone()
    client.close()
  })
})

for (const model of ['fork', 'single'])
  test(`serving and stopping again and again in model ${model} leaks no descriptor`, async () => {
    const { file } = fixture('serve-again.js')
    const { stdout, stderr, code } = await runToEnd({ file, args: [model] })
    assert.equal(code, 0, stderr)
    const counts = JSON.parse(stdout) as number[]
    assert.equal(new Set(counts.slice(1)).size, 1, `open descriptors after each round: ${counts.join(', ')}`)
  })
