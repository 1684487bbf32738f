import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import type { Probe } from '../probe.js'

async function listening(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

async function closed(server: Server): Promise<void> {
  server.close()
  server.closeIdleConnections()
  await once(server, 'close')
}

export const probes: Probe[] = [
  {
    name: 'a server answers over a kept connection',
    async run() {
      const sockets = new Set<unknown>()
      const { server, port } = await listening((incoming, response) => {
        sockets.add(incoming.socket)
        response.setHeader('x-path', incoming.url ?? '')
        response.end(`hello ${incoming.url}`)
      })
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (const path of ['/a', '/b', '/c']) {
        const [response] = (await once(get({ port, host: '127.0.0.1', path, agent }), 'response')) as [IncomingMessage]
        assert.equal(await text(response), `hello ${path}`)
        assert.equal(response.headers['x-path'], path)
      }
      assert.equal(sockets.size, 1)
      agent.destroy()
      await closed(server)
    },
  },
  {
    name: 'a megabyte is posted in chunks and echoed',
    async run() {
      const { server, port } = await listening((incoming, response) => incoming.pipe(response))
      const post = request({ port, host: '127.0.0.1', method: 'POST', agent: false })
      const responded = once(post, 'response') as Promise<[IncomingMessage]>
      const chunk = Buffer.alloc(1 << 16, 'x')
      for (let sent = 0; sent < 16; sent++) if (!post.write(chunk)) await once(post, 'drain')
      post.end()
      const [response] = await responded
      assert.equal((await buffer(response)).length, 1 << 20)
      await closed(server)
    },
  },
  {
    name: 'a connection is upgraded',
    async run() {
      const { server, port } = await listening(() => assert.fail('not upgraded'))
      server.on('upgrade', (_incoming, socket) =>
        socket.end('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: own\r\n\r\nraw'),
      )
      const headers = { connection: 'upgrade', upgrade: 'own' }
      const [, socket, head] = await once(request({ port, host: '127.0.0.1', headers, agent: false }).end(), 'upgrade')
      assert.equal(String(head) + (await text(socket)), 'raw')
      await closed(server)
    },
  },
  {
    name: 'a malformed request is answered with 400',
    async run() {
      const { server, port } = await listening(() => assert.fail('accepted'))
      assert.match(await text(connect(port, '127.0.0.1').end('NONSENSE\r\n\r\n')), /^HTTP\/1.1 400 /)
      await closed(server)
    },
  },
  {
    name: 'http2 multiplexes streams over one session',
    async run() {
      const server = createHttp2Server().listen(0, '127.0.0.1')
      let sessions = 0
      server.on('session', () => sessions++)
      server.on('stream', (stream, headers) => {
        stream.respond({ ':status': 200 })
        stream.end(`stream ${headers[':path']}`)
      })
      await once(server, 'listening')
      const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      const bodies = await Promise.all(['/1', '/2', '/3'].map((path) => text(client.request({ ':path': path }))))
      assert.deepEqual(bodies, ['stream /1', 'stream /2', 'stream /3'])
      assert.equal(sessions, 1)
      client.close()
      server.close()
      await once(server, 'close')
    },
  },
]
