import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectHttp2, createSecureServer } from 'node:http2'
import { createServer as createHttpsServer, get } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect, createServer } from 'node:tls'
import { certificate, privateKey } from '../fixtures/certificate.js'
import type { Probe } from '../probe.js'

const identity = { cert: certificate, key: privateKey }

async function listening<S extends Server>(server: S): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

export const probes: Probe[] = [
  {
    name: 'TLS 1.3 echoes 256 KiB to a client that trusts the certificate',
    async run() {
      const server = createServer(identity, (socket) => socket.pipe(socket))
      const client = connect({ port: await listening(server), host: '127.0.0.1', ca: certificate })
      await once(client, 'secureConnect')
      assert.equal(client.authorized, true)
      assert.equal(client.getProtocol(), 'TLSv1.3')
      client.end('t'.repeat(1 << 18))
      assert.equal((await text(client)).length, 1 << 18)
      await closed(server)
    },
  },
  {
    name: 'an untrusted certificate is refused',
    async run() {
      const server = createServer(identity)
      const client = connect({ port: await listening(server), host: '127.0.0.1' })
      await assert.rejects(once(client, 'secureConnect'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
      await closed(server)
    },
  },
  {
    name: 'a TLS 1.2 session is resumed',
    async run() {
      const server = createServer({ ...identity, maxVersion: 'TLSv1.2' }, (socket) => socket.end('hello'))
      const port = await listening(server)
      const options = { port, host: '127.0.0.1', ca: certificate }
      const first = connect(options)
      await once(first, 'secureConnect')
      const session = first.getSession() ?? assert.fail('no session')
      assert.equal(await text(first), 'hello')
      const second = connect({ ...options, session })
      await once(second, 'secureConnect')
      assert.equal(second.isSessionReused(), true)
      assert.equal(await text(second), 'hello')
      await closed(server)
    },
  },
  {
    name: 'https serves',
    async run() {
      const server = createHttpsServer(identity, (_request, response) => response.end('secure'))
      const port = await listening(server)
      const [response] = await once(get({ port, host: '127.0.0.1', ca: certificate, agent: false }), 'response')
      assert.equal(await text(response), 'secure')
      await closed(server)
    },
  },
  {
    name: 'http2 negotiates by ALPN',
    async run() {
      const server = createSecureServer(identity, (incoming, response) => response.end(`over ${incoming.httpVersion}`))
      const port = await listening(server)
      const client = connectHttp2(`https://localhost:${port}`, { ca: certificate, host: '127.0.0.1' } as object)
      assert.equal(await text(client.request()), 'over 2.0')
      assert.equal(client.alpnProtocol, 'h2')
      client.close()
      await closed(server)
    },
  },
  {
    name: 'X509Certificate reads the certificate',
    run() {
      const parsed = new X509Certificate(certificate)
      assert.equal(parsed.checkHost('localhost'), 'localhost')
      assert.equal(parsed.checkHost('example.org'), undefined)
      assert.equal(parsed.verify(parsed.publicKey), true)
    },
  },
]
