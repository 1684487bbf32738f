/** What the program that called serve() can know of connections and do to them, and what they hear of a drain. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionEnd, ConnectionInfo } from '../../src/index.js'
import { refusal } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const MODELS = ['fork', 'prefork', 'multiplex', 'single'] as const
const STYLES = ['function', 'callbacks', 'callbacks without a loop']

const endsOf = (server: TestServer): ConnectionEnd[] =>
  [...server.stdout.matchAll(/^ended (.*)$/gm)].map(([, json]) => JSON.parse(json as string) as ConnectionEnd)

const ended = (server: TestServer, id: number): Promise<ConnectionEnd> =>
  until(`the end of connection ${id} is told`, () => endsOf(server).find((each) => each.id === id))

for (const model of MODELS) {
  const many = model !== 'single'
  test(`model ${model}: connections() lists who is there, with what has come and gone`, () =>
    withServer(fixture('roll.js', { model, ...(model === 'multiplex' ? { workers: 2 } : {}) }), async (server) => {
      assert.deepEqual(await server.ask('connections'), [])
      const clients = []
      for (let count = 0; count < (many ? 70 : 1); count++) {
        const client = await server.connect()
        assert.equal(await client.exchange('hello\n'), 'hello\n')
        clients.push(client)
      }
      // a client may have its answer before the process that wrote it has counted that
      const list = await until('all bytes are counted', async () => {
        const all = await server.ask<ConnectionInfo[]>('connections')
        return all.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0) >= 6 * clients.length && all
      })
      assert.deepEqual(
        list.map(({ id }) => id),
        clients.map((_client, index) => index + 1),
      )
      assert.deepEqual(list.map(({ peer }) => peer).sort(), clients.map(({ name }) => name).sort())
      for (const each of list) {
        assert.deepEqual([each.bytesRead, each.bytesWritten], [6, 6])
        assert.ok(each.messages >= 1 && Math.abs(Date.now() - each.startedMs) < 60_000)
        assert.equal(model === 'single', each.pid === server.pid)
      }
      for (const client of clients) client.close()
      await until('all ends are told', () => endsOf(server).length === clients.length)
      assert.deepEqual(await server.ask('connections'), [])
    }))

  test(`model ${model}: end() ends one and no other, and knows whether there was one`, () =>
    withServer(fixture('roll.js', { model }), async (server) => {
      const client = await server.connect()
      await client.exchange('here\n')
      const other = many ? await server.connect() : undefined
      if (other !== undefined) await other.exchange('here\n')
      assert.equal(await server.ask('end 99'), false)
      assert.equal(await server.ask('end 1'), true)
      await client.gone()
      assert.deepEqual([(await ended(server, 1)).how, (await ended(server, 1)).words], ['told', 'was told to end'])
      if (other !== undefined) assert.equal(await other.exchange('still here\n'), 'still here\n')
      client.close()
      other?.close()
    }))

  for (const style of STYLES)
    test(`model ${model}, ${style}: onConnectionEnd tells how each has ended`, () =>
      withServer(fixture('roll.js', { model, idleTimeoutMs: 300 }, style), async (server) => {
        const well = await server.connect()
        await well.exchange('12345678\n')
        well.end()
        await well.rest()
        well.close()
        const first = await ended(server, 1)
        assert.deepEqual(
          [first.peer, first.bytesRead, first.bytesWritten, first.how, first.words.includes('finished')],
          [well.name, 9, 9, 'finished', true],
        )
        const resets = await server.connect()
        await resets.exchange('x\n')
        resets.reset()
        assert.match((await ended(server, 2)).words, /^lost: connection reset by peer \(ECONNRESET\)$/)
        const fails = await server.connect()
        fails.send('throw\n')
        await fails.gone()
        fails.close()
        assert.equal((await ended(server, 3)).how, 'failed')
        const idle = await server.connect()
        await idle.gone()
        idle.close()
        const last = await ended(server, 4)
        assert.equal(last.how, 'lost')
        assert.match(last.words, /ETIMEDOUT/)
        assert.ok(last.ms >= 295, `${last.ms} ms`)
      }))

  for (const style of STYLES)
    for (const how of ['signal', 'abort', 'dispose'])
      test(`model ${model}, ${style}: a drain by ${how} is told to connections, which finish`, () =>
        withServer(fixture('roll.js', { model, drainTimeoutMs: 10_000 }, style), async (server) => {
          const client = await server.connect()
          await client.exchange('before\n')
          if (how === 'signal') server.signal('SIGTERM')
          else server.child.stdin?.write(`${how}\n`)
          assert.equal(await client.takeText('draining\n'.length), 'draining\n')
          await until('new clients are refused', async () => (await refusal(server.address)) === 'ECONNREFUSED')
          client.end()
          await client.rest()
          client.close()
          assert.deepEqual(await server.finished(), { code: 0, signal: null })
        }))
}
