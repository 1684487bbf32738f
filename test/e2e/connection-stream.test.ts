/** `connection.stream()` in every model: what takes a net.Socket takes it. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { test } from 'node:test'
import tls from 'node:tls'
import { gzipSync } from 'node:zlib'
import { WebSocket } from 'ws'
import { certificate } from '../features/fixtures/certificate.js'
import { Client, converse, target } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const MODELS = ['fork', 'prefork', 'multiplex', 'single'] as const
const MB = 1024 * 1024

const serving = (
  model: (typeof MODELS)[number],
  use: string,
  style: string,
  run: (server: TestServer) => Promise<void>,
): Promise<void> => withServer(fixture('stream.js', { model }, use, style), run)

const request = async (
  address: string,
  path: string,
  body: Buffer,
  agent: http.Agent | false = false,
): Promise<Buffer> => {
  const { host, port } = target(address) as { host: string; port: number }
  const asked = http.request({ host, port, path, method: 'POST', agent })
  asked.end(body)
  const [response] = (await once(asked, 'response')) as [http.IncomingMessage]
  return Buffer.concat(await response.toArray())
}

/** One server for all that leave it as it was: which use it makes of a connection the client chooses by the address it connects to. */
interface Use {
  use: string
  styles: readonly string[]
  what: string
  run(address: string): Promise<void>
}

const BOTH = ['function', 'callbacks']

const shared: readonly Use[] = [
  {
    use: 'pipeline',
    styles: BOTH,
    what: 'pipeline sends megabytes back, with back-pressure both ways',
    async run(address) {
      const sent = randomBytes(5 * MB)
      assert.ok((await converse(address, sent)).equals(sent))
      assert.equal((await converse(address, '')).length, 0)
      assert.equal(String(await converse(address, 'once more')), 'once more')
    },
  },
  {
    use: 'http',
    styles: ['function'],
    what: 'an HTTP server of Node’s serves it, and keeps it alive',
    async run(address) {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      const body = randomBytes(MB)
      assert.ok((await request(address, '/', body, agent)).equals(body))
      assert.match(String(await request(address, '/who', Buffer.of(), agent)), /^127\.0\.0\.\d+$/)
      assert.equal(Object.values(agent.freeSockets).flat().length, 1)
      agent.destroy()
      assert.equal(String(await request(address, '/', Buffer.from('closed at once'))), 'closed at once')
    },
  },
  {
    use: 'tls',
    styles: ['function'],
    what: 'tls.TLSSocket encrypts over it',
    async run(address) {
      const socket = tls.connect({
        ...target(address),
        servername: 'localhost',
        ca: certificate,
      } as tls.ConnectionOptions)
      await once(socket, 'secureConnect')
      const sent = randomBytes(MB)
      socket.end(sent)
      assert.ok(Buffer.concat(await socket.toArray()).equals(sent))
    },
  },
  {
    use: 'http',
    styles: ['callbacks'],
    what: 'ws speaks WebSocket over it',
    async run(address) {
      const socket = new WebSocket(`ws://${address}`)
      await once(socket, 'open')
      for (const text of ['hello', 'x'.repeat(200_000)]) {
        socket.send(text)
        const [data] = (await once(socket, 'message')) as [Buffer]
        assert.equal(data.toString(), text)
      }
      socket.close()
      await once(socket, 'close')
    },
  },
  {
    use: 'gunzip',
    styles: ['function'],
    what: 'a transform of Node’s reads it',
    async run(address) {
      const text = 'squeezed '.repeat(50_000)
      assert.equal(String(await converse(address, gzipSync(text))), text)
    },
  },
  {
    use: 'csv',
    styles: ['function'],
    what: 'a parser of npm reads it',
    run: async (address) => assert.equal(String(await converse(address, '1,2,3\n"4",5,6\n')), '6\n15\n'),
  },
  {
    use: 'later',
    styles: ['function'],
    what: 'our side stays open after the client’s end',
    run: async (address) => assert.equal(String(await converse(address, 'all I have')), 'after the end'),
  },
  {
    use: 'destroy',
    styles: ['function'],
    what: 'destroy() closes the connection',
    async run(address) {
      const client = await Client.connect(address)
      client.send('x')
      await client.gone()
      client.close()
    },
  },
]

for (const model of MODELS)
  for (const style of BOTH)
    test(`model ${model}, ${style}`, async (t) => {
      const uses = [...new Set(shared.map(({ use }) => use))]
      const launch = fixture('stream.js', { model, listen: '0.0.0.0:0' }, uses.join(), style)
      await withServer(launch, async ({ address }) => {
        for (const { use, styles, what, run } of shared)
          if (styles.includes(style))
            await t.test(what, () => run(address.replace('0.0.1', `0.0.${uses.indexOf(use) + 1}`)))
      })
    })

for (const model of MODELS) {
  test(`model ${model}: a stream that nobody reads stops the client`, () =>
    serving(model, 'stuck', 'callbacks', async (server) => {
      const client = await server.connect()
      client.send(Buffer.alloc(64 * MB))
      assert.equal(await client.takeText(1), '!')
      // all that the kernel takes has been taken once nothing moves any more
      let before = -1
      await until('the client stands still', () => {
        const still = client.socket.bytesWritten - client.socket.writableLength === before
        before = client.socket.bytesWritten - client.socket.writableLength
        return still
      })
      assert.ok(client.socket.writableLength > 32 * MB, `${client.socket.writableLength} bytes wait`)
      // nothing reads it: it does not learn that the client goes
      await server.stop()
      client.close()
    }))

  test(`model ${model}: a reset is an error of the stream, and never its end`, () =>
    serving(model, 'ending', 'function', async (server) => {
      const client = await server.connect()
      client.send('half a mess')
      await until('it has come', async () => (await server.stats()).bytesRead > 0)
      client.reset()
      await server.printed('close\n')
      assert.match(server.stdout, /error ECONNRESET\nclose\n/)
      assert.doesNotMatch(server.stdout, /^end$/m)
    }))

  test(`model ${model}: a reset that nobody listens for costs nothing but the connection`, () =>
    serving(model, 'careless', 'callbacks', async (server) => {
      const client = await server.connect()
      client.send('x')
      await until('it has come', async () => (await server.stats()).bytesRead > 0)
      client.reset()
      await until('it is closed', async () => (await server.stats()).connections === 0)
      assert.doesNotMatch(server.stderr, /ECONNRESET/)
      assert.equal((await server.stats()).state, 'running')
    }))
}

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  test(`model ${model}: without Node’s loop it says that it needs that`, () =>
    serving(model, 'pipeline', 'callbacks without a loop', async (server) => {
      assert.match(String(await converse(server.address, 'x')), /TypeError: stream\(\): needs Node's event loop/)
    }))
