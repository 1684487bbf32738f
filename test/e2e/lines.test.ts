/** `connection.lines()` in every model. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LineOptions } from '../../src/index.js'
import { converse } from '../harness/client.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const MODELS = ['fork', 'prefork', 'multiplex', 'single'] as const

const serving = (
  model: (typeof MODELS)[number],
  options: LineOptions,
  run: (server: TestServer) => Promise<void>,
  style = 'function',
): Promise<void> => withServer(fixture('lines.js', { model }, JSON.stringify(options), style), run)

const ask = async (server: TestServer, text: string | Buffer): Promise<string[]> =>
  (await converse(server.address, text)).toString().split('\n').slice(0, -1)

for (const model of MODELS) {
  for (const style of ['function', 'callbacks'])
    test(`model ${model}, ${style}: lines end with \\n or \\r\\n, and the last may have no end`, () =>
      serving(
        model,
        {},
        async (server) => {
          assert.deepEqual(await ask(server, 'one\r\ntwo\n\n\r\nth\rree\nlast'), [
            ...['"one"', '"two"', '""', '""', '"th\\rree"', '"last"', 'end ""'],
          ])
          assert.deepEqual(await ask(server, ''), ['end ""'])
          assert.deepEqual(await ask(server, 'x\r'), ['"x\\r"', 'end ""'])
        },
        style,
      ))

  test(`model ${model}: letters whose bytes come one by one stay whole`, () =>
    serving(model, {}, async (server) => {
      const client = await server.connect()
      client.socket.setNoDelay(true)
      for (const byte of Buffer.from('ü€𝄞\n')) {
        client.send(Buffer.of(byte))
        const before = server
        await until('it has come', async () => (await before.stats()).bytesRead >= client.socket.bytesWritten)
      }
      assert.equal(await client.takeText(Buffer.byteLength('"ü€𝄞"\n')), '"ü€𝄞"\n')
      client.end()
      await client.rest()
      client.close()
    }))

  test(`model ${model}: a line of just maxBytes passes, one of a byte more is an error of its own`, () =>
    serving(model, { maxBytes: 4 }, async (server) => {
      assert.deepEqual(await ask(server, '1234\n1234\r\nabcd'), ['"1234"', '"1234"', '"abcd"', 'end ""'])
      const error = 'LineTooLong EMSGSIZE: line longer than 4 bytes'
      assert.deepEqual(await ask(server, 'ok\n12345\nok\n'), ['"ok"', error])
      assert.deepEqual(await ask(server, '12345\r\n'), [error])
      assert.deepEqual(await ask(server, '12345'), [error])
    }))

  test(`model ${model}: a line that does not end in time is an error of its own; one that is not waited for is not`, () =>
    serving(model, { timeoutMs: 50 }, async (server) => {
      const client = await server.connect()
      client.send('wait\nhalf')
      const said = String(await client.rest())
      assert.equal(said, '"wait"\nConnectionTimeout ETIMEDOUT: line not complete within 50 ms\n')
      client.close()
    }))

  test(`model ${model}: leaving the loop leaves what has come after the line`, () =>
    serving(model, {}, async (server) => {
      assert.deepEqual(await ask(server, 'rest\nand more\nof it'), ['"rest"', 'end "and more\\nof it"'])
    }))

  test(`model ${model}: a client that breaks off is an error, not an end`, () =>
    serving(model, {}, async (server) => {
      const client = await server.connect()
      client.send('whole\nhalf a line')
      assert.equal(await client.takeText('"whole"\n'.length), '"whole"\n')
      client.reset()
      await server.printed('threw Error ECONNRESET\n').catch(() => assert.match(server.stdout, /threw \w+ ECONNRESET/))
    }))

  test(`model ${model}: what a client does wrong is no failure of a handler that does not catch it`, () =>
    serving(
      model,
      { maxBytes: 4, timeoutMs: 20 },
      async (server) => {
        assert.equal(String(await converse(server.address, '12345\n')), '')
        const slow = await server.connect()
        slow.send('x')
        await slow.gone()
        slow.close()
        await until('both are closed', async () => (await server.stats()).connections === 0)
        assert.doesNotMatch(server.stderr, /failed|LineTooLong/)
      },
      'careless',
    ))
}

test('bad options are refused', () =>
  serving('multiplex', { maxBytes: 0 }, async (server) => {
    assert.deepEqual(await ask(server, ''), [
      'RangeError undefined: maxBytes: expected a whole number of bytes from 1, got 0',
    ])
  }))
