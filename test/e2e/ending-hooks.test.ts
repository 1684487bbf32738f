/** What runs before a process ends that has served: `onEnd`, listeners of `beforeExit`, and which status it gives. */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ServeOptions } from '../../src/index.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const finished = 'connection process exited with status 0: finished'
const with5 = 'connection process exited with status 5'
const failed = 'connection process exited with status 1: the handler failed'

const launch = (style: string, hook: string, options: ServeOptions = {}) =>
  fixture('ending-hooks.js', options, style, hook)

const inItsFolder = ['sh', '-c', 'cd "$(dirname "$TINED_PORT_FILE")" && exec "$@"', 'sh']

async function endOf(server: TestServer, line: string): Promise<string> {
  const client = await server.connect()
  client.send(line).end()
  const words = await server.endOf(client, 9000)
  client.close()
  return words
}

const flushed = (server: TestServer): string[] =>
  [...server.stdout.matchAll(/^flushed (\d+)$/gm)].map(([, pid]) => pid as string)

for (const [style, hook] of [
  ['function', 'awaited'],
  ['node', 'awaited'],
  ['none', 'called'],
] as const)
  test(`onEnd runs once in each connection process of style ${style}, also when its handler has failed`, async () => {
    await withServer(launch(style, hook), async (server) => {
      assert.equal(await endOf(server, 'hello'), finished)
      // an error that nobody catches ends a process at once; so it is where a callback throws in Node's loop
      assert.equal(await endOf(server, style === 'node' ? 'exit-code' : 'throw'), style === 'node' ? with5 : failed)
      await until('both', () => flushed(server).length === 2)
      const pids = server.log
        .filter(({ msg }) => [finished, failed, with5].includes(msg))
        .map(({ child }) => String(child))
      assert.deepEqual(flushed(server).sort(), pids.sort())
    })
  })

for (const style of ['function', 'none'])
  test(`an onEnd that throws is a failure, in style ${style}`, async () => {
    await withServer(launch(style, 'throws'), async (server) => {
      assert.equal(await endOf(server, 'hello'), failed)
      assert.match(server.stderr, /^tined: connection \S+: onEnd: Error: thrown by the hook$/m)
    })
  })

for (const hook of ['never', 'endless'])
  test(`onEnd is waited for no longer than 5 s, nor than something can come of it: ${hook}`, async () => {
    await withServer(launch('function', hook), async (server) => {
      const since = performance.now()
      assert.equal(await endOf(server, 'hello'), failed)
      const ms = performance.now() - since
      assert.ok(hook === 'never' ? ms < 4000 : ms > 4900, `${ms} ms`)
      assert.match(server.stderr, /^tined: connection \S+: onEnd has not finished$/m)
    })
  })

for (const style of ['function', 'node', 'none'])
  test(`process.exitCode is the status of a handler that returns, in style ${style}`, async () => {
    await withServer(launch(style, ''), async (server) => {
      assert.equal(await endOf(server, 'exit-code'), with5)
      assert.equal(await endOf(server, 'hello'), finished)
    })
  })

test('beforeExit is told once, and what its listeners begin is waited for, but nothing else', async () => {
  await withServer(launch('function', ''), async (server) => {
    const since = performance.now()
    assert.equal(await endOf(server, 'listen'), finished)
    assert.ok(performance.now() - since < 4000)
    assert.equal(server.stdout.match(/^timer after 0$/gm)?.length, 1, server.stdout)
    assert.equal(server.stdout.match(/^promise$/gm)?.length, 1)
  })
})

test('a listener of beforeExit may let a handler go on that waits for nothing', async () => {
  await withServer(launch('function', 'awaited'), async (server) => {
    assert.equal(await endOf(server, 'rescued'), finished)
    assert.match(server.stdout, /^rescuing\nrescued\nflushed \d+\n$/)
  })
})

test('process.exit is at once', async () => {
  await withServer(launch('function', 'endless'), async (server) => {
    assert.equal(await endOf(server, 'exit'), 'connection process exited with status 6')
  })
})

for (const [style, hook] of [
  ['function', 'awaited'],
  ['none', 'called'],
] as const)
  test(`onEnd runs in each worker that has drained, in style ${style}`, async () => {
    await withServer(launch(style, hook, { model: 'multiplex', workers: 2 }), async (server) => {
      const workers = server.observe()
      const client = await server.connect()
      await client.send('hello').end().gone()
      client.close()
      assert.deepEqual(flushed(server), [])
      assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
      assert.deepEqual(flushed(server).sort(), workers.map(String).sort())
    })
  })

test('onEnd runs once in the process of model single, before the server has ended', async () => {
  await withServer(launch('function', 'awaited', { model: 'single' }), async (server) => {
    const client = await server.connect()
    await client.send('hello').end().gone()
    client.close()
    assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
    assert.equal(server.stdout, `flushed ${server.pid}\nexited\n`)
  })
})

test('a write to a file that nobody waited for is finished', async () => {
  await withServer({ ...launch('function', ''), under: inItsFolder }, async (server) => {
    assert.equal(await endOf(server, 'file'), finished)
    assert.equal(statSync(join(server.folder, 'written')).size, 64 * 1024 * 1024)
  })
})

for (const style of ['function', 'none'])
  test(`V8's coverage of a connection process is written, in style ${style}`, async () => {
    await withServer(
      {
        ...launch(style, ''),
        env: { NODE_V8_COVERAGE: 'coverage' },
        under: inItsFolder,
      },
      async (server) => {
        assert.equal(await endOf(server, 'hello'), finished)
        const child = server.log.find(({ msg }) => msg === finished)?.['child']
        const files = readdirSync(join(server.folder, 'coverage'))
        assert.equal(files.filter((file) => file.startsWith(`coverage-${child}-`)).length, 1, files.join(' '))
      },
    )
  })
