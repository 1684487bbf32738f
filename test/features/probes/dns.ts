import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { lookup as lookupCallback } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import type { Probe } from '../probe.js'

/** Answers any A query with 192.0.2.7: flags, one answer that points at the question's name. */
function answer(query: Buffer): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5)
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7])
  return Buffer.concat([header, question, record])
}

export const probes: Probe[] = [
  {
    name: 'dns.lookup asks the thread pool',
    async run() {
      const addresses = await lookup('localhost', { all: true })
      assert.ok(addresses.some(({ address }) => address === '127.0.0.1' || address === '::1'))
      const [literal] = await Promise.all([lookup('127.0.0.1'), lookup('localhost')])
      assert.deepEqual(literal, { address: '127.0.0.1', family: 4 })
    },
  },
  {
    name: 'dns.lookup with a callback reports an invalid host',
    async run() {
      const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => lookupCallback('..', resolve))
      assert.match(String(error?.code), /^E/)
    },
  },
  {
    name: 'a Resolver (c-ares) asks a name server',
    async run() {
      const server = createSocket('udp4', (query, peer) => server.send(answer(query), peer.port, peer.address))
      server.bind(0, '127.0.0.1')
      await once(server, 'listening')
      const resolver = new Resolver({ timeout: 2000, tries: 2 })
      resolver.setServers([`127.0.0.1:${server.address().port}`])
      assert.deepEqual(await resolver.resolve4('tined.test'), ['192.0.2.7'])
      server.close()
    },
  },
]
