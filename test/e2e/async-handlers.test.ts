/** The whole of Node in a connection process: what an async handler awaits is served by an event loop of its own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'

const answers: Record<string, string> = {
  timers: 'waited',
  fetch: 'fetched',
  files: 'written and read',
  net: 'over TCP',
  crypto: '632c2812e46d4604102ba7618e9d6d7d',
  webcrypto: 'equal',
  zlib: '10000',
  dns: '127.0.0.1',
  exec: 'from a shell',
  'exit-code': '42',
  worker: 'from a thread',
  import: 'a=1',
}

const ask = async (server: TestServer, feature: string): Promise<string> =>
  (await converse(server.address, feature)).toString().trim()

test('an async handler may use timers, fetch, files, sockets, crypto, zlib, DNS, programs and threads', async () => {
  await withServer(fixture('async-features.js'), async (server) => {
    for (const [feature, answer] of Object.entries(answers)) assert.equal(await ask(server, feature), answer, feature)
    await server.connections(0)
    const ends = server.log.filter(({ role }) => role === 'connection').map(({ msg }) => msg)
    assert.deepEqual(new Set(ends), new Set(['connection process exited with status 0: finished']))
  })
})

// On Node 22 a compilation of WebAssembly that was under way at the fork left fetch waiting for V8's next timer, 8 s later.
test('the first fetch of a fresh server is answered at once', async () => {
  await withServer(fixture('async-features.js'), async (server) => {
    const before = performance.now()
    assert.equal(await ask(server, 'fetch'), answers['fetch'])
    assert.ok(performance.now() - before < 3000, `it took ${performance.now() - before} ms`)
  })
})

// its SIGCHLD comes while the process makes its loop anew: one in forty hung or was aborted
test('a program that a handler starts may end while the process becomes a whole Node', async () => {
  await withServer(fixture('async-features.js'), async (server) => {
    for (let client = 0; client < 150; client++) assert.equal(await ask(server, 'exec'), answers['exec'], `${client}`)
    await server.connections(0)
  })
})

test('async handlers of many clients run side by side', async () => {
  await withServer(fixture('async-features.js'), async (server) => {
    const features = Object.keys(answers).filter((feature) => feature !== 'worker')
    const got = await Promise.all(features.map((feature) => ask(server, feature)))
    assert.deepEqual(
      got,
      features.map((feature) => answers[feature]),
    )
    await server.connections(0)
  })
})

test('no connection process inherits another one’s random numbers, UUIDs or pid', async () => {
  await withServer(fixture('async-features.js'), async (server) => {
    const drawn: string[] = []
    for (let client = 0; client < 5; client++) drawn.push(...(await ask(server, 'identity')).split(' '))
    assert.equal(drawn.length, 25)
    assert.equal(new Set(drawn).size, 25, drawn.join(' '))
  })
})
