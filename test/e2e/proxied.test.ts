/** Behind a proxy: whoever tells of a client tells of the one that the header names, and only proxies come in. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import tls from 'node:tls'
import type { ConnectionEnd, ConnectionInfo } from '../../src/index.js'
import { decodeRecord } from '../../src/store/file/record.js'
import { certificate } from '../features/fixtures/certificate.js'
import type { Client } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { titleOf } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { local, version1, version2 } from '../harness/proxy-header.js'
import { psOf } from '../harness/ps.js'
import { type TestServer, withServer } from '../harness/server.js'
import { linesOf, withStore } from '../harness/store.js'
import { until } from '../harness/until.js'

const MODELS = ['fork', 'prefork', 'multiplex', 'single'] as const
const STYLES = ['function', 'callbacks', 'callbacks without a loop']
const PROXY = '127.0.0.1'
const SOURCE = '203.0.113.7:4711'
const DESTINATION = '198.51.100.1:443'

const peersOf = (file: string): (string | undefined)[] => linesOf(file).map((line) => decodeRecord(line)?.peer)

/** What `onConnectionEnd` is told of the first that ends. */
const endOf = async (server: TestServer): Promise<ConnectionEnd> =>
  JSON.parse(await until('its end', () => /^ended (.*)$/m.exec(server.stdout)?.[1])) as ConnectionEnd

for (const model of MODELS) {
  for (const style of STYLES)
    test(`model ${model}, ${style}: connections(), how they end and what is logged name the client`, () =>
      withServer(fixture('roll.js', { model, proxyProtocol: PROXY, logConnections: true }, style), async (server) => {
        const client = await server.connect()
        client.send(version2(SOURCE, DESTINATION))
        assert.equal(await client.exchange('hello\n'), 'hello\n')
        const [info] = await server.ask<ConnectionInfo[]>('connections')
        assert.equal(info?.peer, SOURCE)
        if (model === 'fork') assert.equal(titleOf(info.pid), `tined: connection ${SOURCE} #1`)
        const { processes, warnings } = await psOf(server)
        const shown = processes.flatMap(({ client: own, serves }) => [own, ...serves.map((each) => each.client)])
        assert.ok(shown.includes(SOURCE) && !shown.includes(client.name), `${shown}`)
        assert.deepEqual(warnings, [])
        client.send('throw\n')
        await client.gone()
        client.close()
        const { peer, how } = await endOf(server)
        assert.deepEqual([peer, how], [SOURCE, 'failed'])
        await server.logged('the same', ({ peer, msg }) => peer === SOURCE && msg.startsWith('connection ended'))
        // a worker says it, or the process itself that is there for one connection; or else its supervisor
        const why =
          /tined: connection 203\.0\.113\.7:4711: Error: asked to|"peer":"203\.0\.113\.7:4711".*(?:asked to|process exited)/
        await until('why', () => why.test(server.stderr))
      }))

  test(`model ${model}: records name the client, and a proxy that speaks for itself`, () =>
    withStore({ model, args: ['--proxy-protocol', PROXY] }, async ({ server, file }) => {
      const peers: string[] = []
      for (const [index, header] of [
        version1(SOURCE, DESTINATION),
        version2('[2001:db8::7]:1', '[::1]:2'),
        local(),
      ].entries()) {
        const client = await server.connect()
        client.send(header)
        assert.equal(await client.exchange(`${index}\n`), `${index}\n`)
        peers.push([SOURCE, '[2001:db8::7]:1', client.name][index] as string)
        client.close()
      }
      assert.deepEqual(peersOf(file), peers)
    }))

  test(`model ${model}: who is no proxy is closed, whatever it sends`, () =>
    withServer(fixture('roll.js', { model, proxyProtocol: ['192.0.2.1', 'unix'] }), async (server) => {
      const client = await server.connect()
      client.send(Buffer.concat([version1(SOURCE, DESTINATION), Buffer.from('hello\n')]))
      await client.gone()
      assert.equal(client.bytesReceived, 0)
      const words = /^PROXY protocol: connects from none of the networks/
      await server.logged('why', ({ peer, msg }) => peer === client.name && words.test(msg))
      assert.equal((await endOf(server)).words, 'lost: permission denied (EACCES)')
      client.close()
    }))

  for (const [sent, words] of [
    ['hello\n', 'lost: protocol error (EPROTO)'],
    ['PROXY', 'lost: connection timed out (ETIMEDOUT)'],
    ['', 'lost: connection timed out (ETIMEDOUT)'],
  ] as const)
    test(`model ${model}: how a connection ended that began with ${JSON.stringify(sent)}`, () =>
      withServer(fixture('roll.js', { model, proxyProtocol: PROXY, firstByteTimeoutMs: 200 }), async (server) => {
        const client = await server.connect()
        client.send(sent)
        await client.gone()
        const { peer, words: said } = await endOf(server)
        assert.deepEqual([peer, said], [client.name, words])
        client.close()
      }))

  test(`model ${model}: TLS begins behind the header`, () =>
    withServer(fixture('tls.js', { model, proxyProtocol: PROXY }, 'agreed'), async (server) => {
      for (const together of [false, true]) {
        const client = await server.connect()
        if (together) client.socket.cork()
        client.send(version2(SOURCE, DESTINATION))
        client.socket.removeAllListeners('data')
        const socket = tls.connect({ socket: client.socket, ca: [certificate], servername: 'localhost' })
        if (together) client.socket.uncork()
        let text = ''
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        socket.write('addresses\n')
        await until('its addresses', () => text.includes('203.0.113.7 443\n'))
        socket.end()
        await once(socket, 'close')
      }
    }))

  test(`model ${model}: a unix socket, whose proxies are named as such`, () =>
    withFolder(async (folder) => {
      const listen = `unix:${join(folder, 'socket')}`
      await withServer(
        fixture('contract.js', { model, listen, proxyProtocol: 'unix' }, 'an async function'),
        async (server) => {
          const client = await server.connect()
          client.send(Buffer.concat([version2(SOURCE, DESTINATION), Buffer.from('who?\n')]))
          const answer = `${SOURCE} by unix: at ${DESTINATION}\n`
          assert.equal(await client.takeText(answer.length), answer)
          client.close()
          const silent = await server.connect()
          silent.send('who?\n')
          await silent.gone()
          silent.close()
        },
      )
    }))
}

test('a proxy connects by IPv6', () =>
  withServer(
    fixture('contract.js', { listen: '[::1]:0', proxyProtocol: '::1/128' }, 'an async function'),
    async (server) => {
      server.address = server.address.replace('127.0.0.1', '[::1]')
      const client = await server.connect()
      client.send(Buffer.concat([version1(SOURCE, DESTINATION), Buffer.from('who?\n')]))
      const answer = `${SOURCE} by ${client.name} at ${DESTINATION}\n`
      assert.equal(await client.takeText(answer.length), answer)
      client.close()
    },
  ))

/** 200 processes, each of which runs code that nobody has rehearsed. */
const PATIENCE_MS = 25_000

const sourceOf = (index: number): string => `203.0.${100 + (index >> 7)}.${1 + (index & 127)}:${2000 + index}`

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  test(`model ${model}: of 200 at once each record names its own client`, () =>
    withStore({ model, args: ['--proxy-protocol', PROXY] }, async ({ server, file }) => {
      const clients = await Promise.all(Array.from({ length: 200 }, () => server.connect()))
      const serve = async (client: Client, index: number): Promise<void> => {
        const text = `line of ${sourceOf(index)}\n`
        client.send(Buffer.concat([version2(sourceOf(index), DESTINATION), Buffer.from(text)])).end()
        assert.equal((await client.rest(PATIENCE_MS)).toString(), text)
      }
      await Promise.all(clients.map(serve))
      for (const client of clients) client.close()
      const records = linesOf(file).map((line) => decodeRecord(line))
      assert.equal(records.length, 200)
      for (const record of records) assert.equal(String(record?.message), `line of ${record?.peer}`)
    }))

test('model fork: a handler in bad hands cannot say once more who its client is', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'messages.ndjson')
    await withServer(fixture('forging.js', { proxyProtocol: PROXY }, file), async (server) => {
      for (const header of [version2(SOURCE, DESTINATION), local()]) {
        const client = await server.connect()
        client.send(header)
        client.send('!introduce 0\n')
        assert.equal(await client.takeText(6), 'tried\n')
        assert.equal(await client.exchange('mine\n'), 'mine\n')
        client.send('!name 1\n')
        assert.equal(await client.takeText(6), 'tried\n')
        const named = header.length > 16 ? SOURCE : client.name
        await until('its line', () => peersOf(file).includes(named))
        client.close()
      }
      assert.ok(!peersOf(file).includes('10.9.8.7:1'), `${peersOf(file)}`)
    })
  }))
