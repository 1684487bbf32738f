/** What every server does whose connections come by a proxy, whatever its model and the style of its handler. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Client } from '../harness/client.js'
import { binary, local, version1, version2 } from '../harness/proxy-header.js'
import type { TestServer } from '../harness/server.js'
import type { Scenario } from './scenario.js'

const SOURCE = '203.0.113.7:4711'
const DESTINATION = '198.51.100.1:443'
const MB = 1024 * 1024
/** For whom the fixture says that it serves. */
const WHO = 'who?\n'

/** What is said of `client`, which is the proxy here. */
const expected = (client: Client, source = SOURCE, destination = DESTINATION): string =>
  `${source} by ${client.name} at ${destination}\n`

async function line(client: Client): Promise<string> {
  let text = ''
  while (!text.endsWith('\n')) text += await client.takeText(1)
  return text
}

async function assertNamed(server: TestServer, header: Buffer, source: string, destination: string): Promise<void> {
  const client = await server.connect()
  client.send(Buffer.concat([header, Buffer.from(WHO)]))
  assert.equal(await line(client), expected(client, source, destination))
  client.close()
}

/** Sends what is no header; the connection ends with `reason` in the log, and the next one is served. */
async function assertRefused(server: TestServer, sent: Buffer, reason: RegExp, ends = false): Promise<void> {
  const client = await server.connect()
  client.send(sent)
  if (ends) client.end()
  await client.gone()
  await server.logged('why', ({ msg, peer }) => peer === client.name && reason.test(msg))
  client.close()
  await assertNamed(server, version1(SOURCE, DESTINATION), SOURCE, DESTINATION)
}

export const FIRST_BYTE_MS = 400

export const proxied: readonly Scenario[] = [
  {
    name: 'the client is whom the header names, and what comes in the same segment is the handler’s',
    async run(server) {
      await assertNamed(server, version1(SOURCE, DESTINATION), SOURCE, DESTINATION)
      await assertNamed(server, version2(SOURCE, DESTINATION), SOURCE, DESTINATION)
      const [source, destination] = ['[2001:db8::7]:4711', '[2001:db8::1]:443']
      await assertNamed(server, version2(source, destination), source, destination)
      const rest = Buffer.concat([
        Buffer.from([0x02, 0, 3]),
        Buffer.from('org'),
        Buffer.from([0x04, 0x0b, 0xb8]),
        Buffer.alloc(3000),
      ])
      await assertNamed(server, version2(SOURCE, DESTINATION, rest), SOURCE, DESTINATION)
    },
  },
  {
    name: 'a header may come byte by byte',
    async run(server) {
      for (const header of [version1(SOURCE, DESTINATION), version2(SOURCE, DESTINATION)]) {
        const client = await server.connect()
        client.socket.setNoDelay(true)
        for (const byte of header) await new Promise((sent) => client.socket.write(Buffer.from([byte]), sent))
        client.send(WHO)
        assert.equal(await line(client), expected(client))
        client.close()
      }
    },
  },
  {
    name: '1 MB behind the header comes unharmed, though it looks like one',
    async run(server) {
      const sent = Buffer.concat([version1('192.0.2.1:1', '192.0.2.2:2'), randomBytes(MB)])
      const client = await server.connect()
      client.send(Buffer.concat([version2(SOURCE, DESTINATION), sent])).end()
      assert.ok((await client.rest()).equals(sent))
      client.close()
    },
  },
  {
    name: 'a proxy that speaks for itself is its own client',
    async run(server) {
      for (const header of [local(), binary(0x21, 0x00), Buffer.from('PROXY UNKNOWN\r\n')]) {
        const client = await server.connect()
        client.send(Buffer.concat([header, Buffer.from(WHO)]))
        assert.equal(await line(client), `${client.name} by nobody at ${server.address}\n`)
        client.close()
      }
    },
  },
  {
    name: 'a client that ends right after the header gets its answer',
    async run(server) {
      const client = await server.connect()
      client.send(version1(SOURCE, DESTINATION)).end()
      assert.equal((await client.rest()).toString(), 'nothing came')
      client.close()
    },
  },
  {
    name: 'what is no header ends its connection, and harms no other',
    async run(server) {
      const cases: [Buffer, RegExp, boolean?][] = [
        [Buffer.from('hello\n'), /^PROXY protocol: expected a header, got "hello\\n"$/],
        [
          Buffer.from('PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n'),
          /^PROXY protocol: version 1: expected addresses of TCP4/,
        ],
        [Buffer.from(`PROXY UNKNOWN ${'x'.repeat(200)}`), /^PROXY protocol: version 1: expected an end of line/],
        [binary(0x21, 0x11, Buffer.alloc(3)), /^PROXY protocol: version 2: expected 12 bytes of addresses, got 3$/],
        [binary(0x21, 0x11, Buffer.alloc(12), 5000), /^PROXY protocol: version 2: expected a header of at most 4096/],
        [version2(SOURCE, DESTINATION).subarray(0, 20), /^PROXY protocol: the connection ended after 20 bytes/, true],
      ]
      for (const [sent, reason, ends] of cases) await assertRefused(server, sent, reason, ends)
    },
  },
  {
    name: 'a header that does not come in time ends its connection',
    async run(server) {
      await assertRefused(server, Buffer.alloc(0), /^PROXY protocol: no whole header within 400 ms: 0 bytes came$/)
      await assertRefused(
        server,
        Buffer.from('PROXY TCP4 1'),
        /^PROXY protocol: no whole header within 400 ms: 12 bytes/,
      )
    },
  },
  {
    name: 'who looks only whether we are there is not spoken of',
    async run(server) {
      const client = await server.connect()
      const before = server.log.length
      client.end()
      await client.rest()
      client.close()
      await assertNamed(server, version1(SOURCE, DESTINATION), SOURCE, DESTINATION)
      assert.ok(!server.log.slice(before).some(({ msg }) => msg.startsWith('PROXY')))
    },
  },
  {
    name: 'one that keeps its header to itself keeps nobody waiting',
    concurrent: true,
    async run(server) {
      const silent = await server.connect()
      const half = await server.connect()
      half.send('PROXY TC')
      await assertNamed(server, version1(SOURCE, DESTINATION), SOURCE, DESTINATION)
      silent.close()
      half.reset()
    },
  },
  {
    name: 'clients that come at once are told apart',
    concurrent: true,
    async run(server) {
      const numbers = Array.from({ length: 30 }, (_, index) => index + 1)
      const clients = await Promise.all(numbers.map(() => server.connect()))
      const all = clients.map(async (client, index) => {
        const source = `203.0.113.${index + 1}:${1000 + index}`
        client.send(Buffer.concat([version2(source, DESTINATION), Buffer.from(WHO)]))
        assert.equal(await line(client), expected(client, source))
      })
      await Promise.all(all)
      for (const client of clients) client.close()
    },
  },
]
