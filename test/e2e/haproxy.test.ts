/** Behind Debian's HAProxy, as its documentation has it: `send-proxy`, `send-proxy-v2`, TLVs, checks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeRecord } from '../../src/store/file/record.js'
import { Client } from '../harness/client.js'
import { Haproxy, noHaproxy } from '../harness/haproxy.js'
import { linesOf, withStore } from '../harness/store.js'
import { until } from '../harness/until.js'

const CLIENTS = 40

const WAYS = [
  'send-proxy',
  'send-proxy-v2',
  'send-proxy-v2 proxy-v2-options crc32c,unique-id,authority',
  'send-proxy check inter 300ms',
  'send-proxy-v2 check inter 300ms',
]

for (const model of ['fork', 'prefork', 'multiplex', 'single'] as const)
  for (const way of model === 'fork' ? WAYS : WAYS.slice(-1))
    test(`model ${model}, ${way}: ${CLIENTS} clients, each by its own address`, { skip: noHaproxy }, () =>
      withStore({ model, args: ['--proxy-protocol', '127.0.0.1', '--log-connections'] }, async ({ server, file }) => {
        const proxy = new Haproxy(`${server.address} ${way}`)
        try {
          const clients = await Promise.all(Array.from({ length: CLIENTS }, () => Client.connect(proxy.address)))
          const talk = async (client: Client): Promise<void> => {
            const text = `line of ${client.name}\n`
            assert.equal(await client.exchange(text), text)
            client.close()
          }
          await Promise.all(clients.map(talk))
          if (way.includes('check')) {
            // HAProxy speaks for itself, and resets
            const checks = (): number =>
              server.log.filter(({ bytesRead, msg }) => msg.startsWith('connection ended') && bytesRead === 0).length
            await until('some checks', () => checks() >= 3)
            assert.doesNotMatch(proxy.output, /is DOWN/)
          }
          const records = linesOf(file).map((line) => decodeRecord(line))
          assert.equal(records.length, CLIENTS)
          for (const record of records) assert.equal(String(record?.message), `line of ${record?.peer}`)
          assert.ok(!server.log.some(({ msg }) => msg.startsWith('PROXY protocol')), server.stderr)
        } finally {
          await proxy.stop()
        }
      }),
    )
