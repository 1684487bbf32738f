/** The option `tls` in every model: the handler is as ever, and the client speaks TLS. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { ServeOptions, TlsOptions } from '../../src/index.js'
import { certificate, privateKey } from '../features/fixtures/certificate.js'
import { clientAuthority, clientCertificate, clientKey, otherCertificate, otherKey } from '../fixtures/certificates.js'
import { target } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const MODELS = ['fork', 'prefork', 'multiplex', 'single'] as const
const MB = 1024 * 1024

const serving = (
  options: ServeOptions,
  style: string,
  run: (server: TestServer) => Promise<void>,
  more: Partial<TlsOptions> = {},
): Promise<void> => withServer(fixture('tls.js', options, style, JSON.stringify(more)), run)

async function dial(server: TestServer, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = tls.connect({
    ...target(server.address),
    ca: [certificate, otherCertificate],
    ...options,
  } as ConnectionOptions)
  await once(socket, 'secureConnect')
  return socket
}

async function line(socket: TLSSocket): Promise<string> {
  let text = ''
  while (!text.includes('\n')) text += String(await once(socket, 'data'))
  return text
}

type Agreed = Record<string, unknown>
async function agreed(server: TestServer, options: ConnectionOptions = {}): Promise<Agreed> {
  const socket = await dial(server, options)
  const said = JSON.parse(await line(socket)) as Agreed
  socket.end()
  await once(socket, 'close')
  return said
}

/** The code, or the message, of what becomes of a client that is refused. */
async function refused(server: TestServer, options: ConnectionOptions = {}): Promise<string> {
  const socket = tls.connect({ ...target(server.address), rejectUnauthorized: false, ...options } as ConnectionOptions)
  socket.resume()
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.once('close', () => resolve('closed'))
  })
}

for (const model of MODELS) {
  for (const style of ['function', 'callbacks', 'callbacks without a loop', 'stream'])
    test(`model ${model}, ${style}: megabytes go both ways, and a half-close is answered`, () =>
      serving({ model }, style, async (server) => {
        const sent = randomBytes(3 * MB)
        const socket = await dial(server)
        socket.end(sent)
        assert.ok(Buffer.concat(await socket.toArray()).equals(sent))
        const quick = await dial(server)
        quick.end('last words')
        assert.equal(String(Buffer.concat(await quick.toArray())), 'last words')
      }))

  test(`model ${model}: connection.tls says what was agreed on: SNI, ALPN, the client’s certificate, a session again`, () =>
    serving(
      { model },
      'agreed',
      async (server) => {
        const plain = await agreed(server)
        assert.equal(plain['protocol'], 'TLSv1.3')
        assert.equal(plain['authorized'], false)
        assert.deepEqual([plain['alpn'], plain['serverName'], plain['client']], [undefined, undefined, undefined])
        const named = await dial(server, { servername: 'a.other.test', ALPNProtocols: ['b', 'a'] })
        assert.equal(named.getPeerCertificate().subject.CN, 'other.test')
        const said = JSON.parse(await line(named)) as Agreed
        assert.deepEqual([said['alpn'], said['serverName']], ['a', 'a.other.test'])
        named.destroy()
        const known = await agreed(server, { cert: clientCertificate, key: clientKey })
        assert.deepEqual([known['authorized'], known['client']], [true, 'alice'])
        const first = await dial(server, { maxVersion: 'TLSv1.2' })
        const session = first.getSession()
        assert.equal(JSON.parse(await line(first))['resumed'], false)
        first.end()
        await once(first, 'close')
        const again = await agreed(server, { maxVersion: 'TLSv1.2', ...(session === undefined ? {} : { session }) })
        assert.deepEqual([again['protocol'], again['resumed']], ['TLSv1.2', true])
      },
      {
        sni: { '*.other.test': { key: otherKey, cert: otherCertificate } },
        alpn: ['a', 'b'],
        ca: clientAuthority,
        requestCert: true,
        rejectUnauthorized: false,
      },
    ))

  test(`model ${model}: who has no certificate, or no protocol in common, is refused, and the next is served`, () =>
    serving(
      { model },
      'agreed',
      async (server) => {
        assert.notEqual(await refused(server), 'closed')
        assert.match(
          await refused(server, { cert: clientCertificate, key: clientKey, ALPNProtocols: ['x'] }),
          /ALPN|APPLICATION_PROTOCOL/i,
        )
        assert.equal((await agreed(server, { cert: clientCertificate, key: clientKey }))['client'], 'alice')
        await until(
          'both are logged',
          () => server.log.filter(({ msg }) => /TLS handshake failed/.test(msg)).length >= 2,
        )
        await until('none is left', async () => (await server.stats()).connections === 0)
      },
      { ca: clientAuthority, requestCert: true, alpn: ['a'] },
    ))

  test(`model ${model}: who does not shake hands in time, or says something else, is let go`, () =>
    serving(
      { model },
      'agreed',
      async (server) => {
        const silent = await server.connect()
        await silent.gone()
        silent.close()
        const plain = await server.connect()
        plain.send('GET / HTTP/1.0\r\n\r\n')
        await plain.gone()
        plain.close()
        const quitter = await server.connect()
        quitter.reset()
        await agreed(server)
        await until('none is left', async () => (await server.stats()).connections === 0)
      },
      { handshakeTimeoutMs: 200 },
    ))

  test(`model ${model}: a slow reader gets all, the end comes after the last byte, and destroy() is no end`, () =>
    serving({ model }, 'agreed', async (server) => {
      const slow = await dial(server)
      await line(slow)
      slow.pause()
      slow.end('big\n')
      await until('the server waits', async () => (await server.stats()).bytesWritten > 100_000)
      const got = Buffer.concat(await slow.toArray())
      assert.equal(got.length, 3 * MB)
      const ended = await dial(server)
      await line(ended)
      ended.end('addresses\n')
      assert.match(
        String(Buffer.concat(await ended.toArray())),
        new RegExp(`^127.0.0.1 ${target(server.address)['port' as never]}\n$`),
      )
      const destroyed = await dial(server)
      await line(destroyed)
      destroyed.write('destroy\n')
      await new Promise((resolve) => destroyed.once('close', resolve).once('error', resolve).resume())
    }))

  test(`model ${model}: a client that resets is lost, and no failure of the handler`, () =>
    serving({ model }, 'agreed', async (server) => {
      const raw = net.connect(target(server.address))
      const socket = tls.connect({ socket: raw, ca: certificate, host: 'localhost' })
      await line(socket)
      socket.write('unfinished')
      await until('it has come', async () => (await server.stats()).bytesRead > 0)
      raw.resetAndDestroy()
      socket.on('error', () => {})
      await until('none is left', async () => (await server.stats()).connections === 0)
      assert.doesNotMatch(server.stderr, /handler failed|Error/)
    }))

  test(`model ${model}: files that change are read again, and a half of a pair does no harm`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tined-tls-'))
    const key = join(folder, 'key.pem')
    const cert = join(folder, 'cert.pem')
    const replace = (file: string, pem: string): void => {
      writeFileSync(`${file}.new`, pem)
      renameSync(`${file}.new`, file)
    }
    replace(key, privateKey)
    replace(cert, certificate)
    const use = async (server: TestServer): Promise<void> => {
      const name = async (): Promise<unknown> => {
        const socket = await dial(server)
        const { CN } = socket.getPeerCertificate().subject
        await line(socket)
        socket.end()
        await once(socket, 'close')
        return CN
      }
      assert.equal(await name(), 'localhost')
      replace(cert, otherCertificate)
      assert.equal(await name(), 'localhost')
      await server.logged('that it cannot be used', ({ msg }) =>
        /TLS: files have changed, and cannot be used/.test(msg),
      )
      replace(key, otherKey)
      assert.equal(await name(), 'other.test')
      assert.equal(await name(), 'other.test')
    }
    await serving({ model }, 'agreed', use, { key, cert }).finally(() => rmSync(folder, { recursive: true }))
  })
}

/** The random bytes of the server's first message. RFC 8446, 4.1.3 */
async function serverRandom(server: TestServer): Promise<string> {
  const raw = net.connect(target(server.address))
  const came: Buffer[] = []
  const tapped = new Duplex({ read() {}, write: (chunk, _encoding, done) => void raw.write(chunk, () => done()) })
  raw.on('data', (chunk) => {
    came.push(chunk)
    tapped.push(chunk)
  })
  const socket = tls.connect({ socket: tapped, ca: certificate, host: 'localhost' })
  await once(socket, 'secureConnect')
  const bytes = Buffer.concat(came)
  assert.deepEqual([bytes[0], bytes[5]], [22, 2], 'a ServerHello')
  raw.destroy()
  return bytes.toString('hex', 11, 11 + 32)
}

test('no two connection processes present the same random bytes', () =>
  serving({ model: 'fork' }, 'callbacks', async (server) => {
    const seen = new Set<string>()
    const clients = 24
    for (let client = 0; client < clients; client++) seen.add(await serverRandom(server))
    assert.equal(seen.size, clients)
  }))
