import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import type { Probe } from '../probe.js'

const LOCAL = { port: 0, host: '127.0.0.1' }

async function listening(options: ListenOptions, serve: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, serve).listen(options)
  await once(server, 'listening')
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

export const probes: Probe[] = [
  {
    name: 'TCP echoes a megabyte, and half-closes',
    async run() {
      const server = await listening(LOCAL, (socket) => socket.pipe(socket))
      const client = connect(portOf(server), '127.0.0.1')
      const sent = Buffer.alloc(1 << 20, 'tined')
      client.end(sent)
      assert.ok((await buffer(client)).equals(sent))
      await closed(server)
    },
  },
  {
    name: '50 connections are served at once',
    async run() {
      const server = await listening(LOCAL, (socket) => socket.pipe(socket))
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => text(connect(portOf(server), '127.0.0.1').end(`client ${index}`))),
      )
      assert.deepEqual(
        answers,
        answers.map((_, index) => `client ${index}`),
      )
      await closed(server)
    },
  },
  {
    name: 'a Unix socket carries data and is removed',
    async run() {
      const directory = await mkdtemp(join(tmpdir(), 'probe-'))
      const server = await listening({ path: join(directory, 's') }, (socket) => socket.end('from the socket'))
      assert.equal(await text(connect(join(directory, 's')).end()), 'from the socket')
      await closed(server)
      await assert.rejects(once(connect(join(directory, 's')), 'connect'), { code: 'ENOENT' })
      await rm(directory, { recursive: true })
    },
  },
  {
    name: 'errors have their codes: ECONNREFUSED, EADDRINUSE',
    async run() {
      const server = await listening(LOCAL, (socket) => socket.end())
      const port = portOf(server)
      await assert.rejects(
        listening({ ...LOCAL, port }, () => {}),
        { code: 'EADDRINUSE' },
      )
      await closed(server)
      await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
    },
  },
  {
    name: 'a reset connection ends with ECONNRESET',
    async run() {
      const server = await listening(LOCAL, (socket) => socket.once('data', () => socket.resetAndDestroy()))
      const client = connect(portOf(server), '127.0.0.1')
      client.write('x')
      await assert.rejects(buffer(client), { code: 'ECONNRESET' })
      await closed(server)
    },
  },
  {
    name: 'an idle socket times out',
    async run() {
      const server = await listening(LOCAL, (socket) => socket.setTimeout(20, () => socket.end('timed out')))
      assert.equal(await text(connect(portOf(server), '127.0.0.1')), 'timed out')
      await closed(server)
    },
  },
  {
    name: 'UDP sends there and back',
    async run() {
      const server = createSocket('udp4', (message, peer) => server.send(`echo ${message}`, peer.port, peer.address))
      server.bind(0, '127.0.0.1')
      await once(server, 'listening')
      const client = createSocket('udp4')
      const answered = once(client, 'message')
      client.send('datagram', server.address().port, '127.0.0.1')
      assert.equal(String((await answered)[0]), 'echo datagram')
      client.close()
      server.close()
    },
  },
]
