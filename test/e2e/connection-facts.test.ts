/** `connection.state`, and what a connection knows of its two ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { target } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const line = async (client: { takeText(count: number): Promise<string> }): Promise<string> => {
  let text = ''
  while (!text.endsWith('\n')) text += await client.takeText(1)
  return text
}

for (const model of ['fork', 'prefork', 'multiplex', 'single'] as const)
  for (const style of ['function', 'node', 'none'])
    test(`model ${model}, ${style}: each connection has a state of its own, and knows both of its ends`, () =>
      withServer(fixture('facts.js', { model }, style), async (server) => {
        for (let id = 1; id <= 2; id++) {
          const client = await server.connect()
          assert.match(await line(client.send('a\n')), /^1 /)
          const second = await line(client.send('b\n'))
          assert.match(second, /^2 /)
          const { port } = target(server.address) as { port: number }
          assert.deepEqual(JSON.parse(second.slice(2)), {
            remoteAddress: '127.0.0.1',
            remotePort: client.socket.localPort,
            localAddress: '127.0.0.1',
            localPort: port,
            peerName: client.name,
            id,
          })
          client.end()
          await client.rest()
          client.close()
        }
      }))

test('on a unix socket there are no addresses, and what is set for TCP does nothing', () =>
  withServer(fixture('facts.js', { listen: `unix:/tmp/tined-facts-${process.pid}.sock` }, 'node'), async (server) => {
    const client = await server.connect()
    assert.equal(JSON.parse((await line(client.send('a\n'))).slice(2)).remoteAddress, undefined)
    client.close()
  }))
