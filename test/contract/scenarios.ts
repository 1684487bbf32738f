/** What every server does, whatever its model and the style of its handler. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { converse, refusal } from '../harness/client.js'
import type { TestServer } from '../harness/server.js'
import { until } from '../harness/until.js'
import type { Scenario } from './scenario.js'

const MB = 1024 * 1024

async function assertEchoes(server: TestServer, sent: Buffer): Promise<void> {
  const got = await converse(server.address, sent)
  assert.equal(got.length, sent.length)
  assert.ok(got.equals(sent))
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'a line comes back',
    async run(server) {
      const client = await server.connect()
      assert.equal(await client.exchange('hello\n'), 'hello\n')
      assert.equal(await client.exchange('and again\n'), 'and again\n')
      client.close()
    },
  },
  {
    name: '1 MB goes both ways unharmed',
    run: (server) => assertEchoes(server, randomBytes(MB)),
  },
  {
    name: 'bytes that come one by one come back in order',
    async run(server) {
      const client = await server.connect()
      client.socket.setNoDelay(true)
      for (const letter of 'one by one') assert.equal(await client.exchange(letter), letter)
      client.close()
    },
  },
  {
    name: 'a client that half-closes still gets its answer',
    async run(server) {
      const client = await server.connect()
      client.send('last words').end()
      assert.equal((await client.rest()).toString(), 'last words')
      client.close()
    },
  },
  {
    name: 'a client that half-closes at once gets an answer too',
    async run(server) {
      const client = await server.connect()
      assert.equal((await client.end().rest()).toString(), 'nothing came')
      client.close()
    },
  },
  {
    name: 'a client that reads slowly gets everything in the end',
    async run(server) {
      const client = await server.connect()
      const sent = randomBytes(6 * MB)
      client.socket.pause()
      client.send(sent).end()
      // far more than the kernel's buffers hold: the server has to wait for us
      await until('the server waits', () => client.socket.writableLength > 0 || client.socket.bytesWritten > 0)
      for (let at = 0; at < 20; at++) {
        client.socket.resume()
        await until('some bytes', () => client.bytesReceived > at * 1024)
        client.socket.pause()
      }
      client.socket.resume()
      assert.ok((await client.rest()).equals(sent))
      client.close()
    },
  },
  {
    name: 'a client that resets does no harm to the next one',
    async run(server) {
      const client = await server.connect()
      await client.send(Buffer.alloc(2 * MB)).take(1024)
      client.reset()
      await assertEchoes(server, Buffer.from('next'))
    },
  },
  {
    name: 'a client that resets before it says anything does no harm either',
    async run(server) {
      const client = await server.connect()
      client.reset()
      await assertEchoes(server, Buffer.from('next'))
    },
  },
  {
    name: '50 clients, one after another, are all served',
    async run(server) {
      for (let index = 0; index < 50; index++) await assertEchoes(server, Buffer.from(`client ${index}`))
    },
  },
  {
    name: '30 clients at once are all served',
    concurrent: true,
    async run(server) {
      const clients = await Promise.all(Array.from({ length: 30 }, () => server.connect()))
      const said = clients.map((_, index) => `client ${index}`)
      assert.deepEqual(await Promise.all(clients.map((client, index) => client.exchange(said[index] as string))), said)
      for (const client of clients) client.close()
    },
  },
  {
    name: '30 clients that come at once are all served in their turn',
    async run(server) {
      const said = Array.from({ length: 30 }, (_, index) => `client ${index}`)
      const got = await Promise.all(said.map((text) => converse(server.address, text)))
      assert.deepEqual(got.map(String), said)
    },
  },
  {
    name: 'a slow client does not keep others waiting',
    concurrent: true,
    async run(server) {
      const slow = await server.connect()
      slow.socket.pause()
      slow.send(Buffer.alloc(8 * MB))
      await assertEchoes(server, Buffer.from('quick'))
      slow.reset()
    },
  },
  {
    name: 'a handler that throws loses its own connection only',
    async run(server) {
      const client = await server.connect()
      client.send('throw')
      await client.gone()
      await assertEchoes(server, Buffer.from('next'))
      await until('it is said', () => /Error: asked to/.test(server.stderr))
    },
  },
  {
    name: 'a handler whose promise is rejected loses its own connection only',
    async run(server) {
      const client = await server.connect()
      const before = server.stderr.length
      client.send('reject')
      await client.gone()
      await assertEchoes(server, Buffer.from('next'))
      await until('it is said', () => /Error: asked to/.test(server.stderr.slice(before)))
    },
  },
  {
    name: 'a client that breaks off while a handler waits for it is no failure of the handler',
    async run(server) {
      const client = await server.connect()
      const before = server.stderr.length
      client.socket.pause()
      client.send('await')
      await until('it is written to', () => client.socket.bytesRead > 0 || client.socket.readableLength > 0).catch(
        () => {},
      )
      client.reset()
      await assertEchoes(server, Buffer.from('next'))
      assert.doesNotMatch(server.stderr.slice(before), /ECONNRESET|EPIPE/)
    },
  },
  {
    name: 'a handler that throws leaves a connection that is open unharmed',
    concurrent: true,
    async run(server) {
      const other = await server.connect()
      await other.exchange('before')
      const client = await server.connect()
      client.send('throw')
      await client.gone()
      assert.equal(await other.exchange('after'), 'after')
      other.close()
    },
  },
  {
    name: 'a stop under load leaves nothing behind',
    ends: true,
    async run(server) {
      const clients = await Promise.all(Array.from({ length: 8 }, () => server.connect()))
      for (const client of clients) {
        client.socket.on('error', () => {})
        client.send(Buffer.alloc(256 * 1024))
      }
      await until('some are served', () => clients.some((client) => client.bytesReceived > 0))
      assert.deepEqual(await server.stop('SIGINT'), { code: 0, signal: null })
      for (const client of clients) await client.gone()
      assert.equal(await refusal(server.address), 'ECONNREFUSED')
    },
  },
  {
    name: 'a drain lets the running connection finish and refuses new ones',
    ends: true,
    async run(server) {
      const client = await server.connect()
      await client.exchange('before')
      server.signal('SIGTERM')
      await until('new clients are refused', async () => (await refusal(server.address)) === 'ECONNREFUSED')
      assert.equal(await client.exchange('while draining'), 'while draining')
      client.end()
      await client.rest()
      assert.deepEqual(await server.finished(), { code: 0, signal: null })
      client.close()
    },
  },
]
