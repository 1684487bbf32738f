/** The store keeps its promise in both models: what has come back is on disk, byte for byte, in order. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { MODELS, messagesOf, recordsOf, withStore } from '../harness/store.js'

const formats = ['ndjson', 'text'] as const

for (const model of [...MODELS, 'prefork', 'multiplex'] as const)
  for (const format of formats)
    test(`a message that has come back is in the file (model ${model}, ${format})`, async () => {
      await withStore({ model, format }, async ({ server, file }) => {
        const client = await server.connect()
        for (const text of ['first', '', 'mit Umlaut: ä', '  blanks  ', 'with return\r', '{"seq":1}', '😀']) {
          assert.equal(await client.exchange(`${text}\n`), `${text}\n`)
          assert.equal(messagesOf(file).at(-1)?.toString(), text)
        }
        client.end()
        assert.equal((await client.rest()).length, 0)
        client.close()
      })
    })

for (const model of MODELS)
  for (const format of formats)
    test(`bytes that are no UTF-8 are kept exactly (model ${model}, ${format})`, async () => {
      await withStore({ model, format }, async ({ server, file }) => {
        const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10))
        const broken = [all, Buffer.from([0xc3]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0]), randomBytes(300)]
        const lines = broken.map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 ? 11 : byte))))
        const sent = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
        assert.ok((await converse(server.address, sent)).equals(sent))
        const stored = messagesOf(file)
        assert.equal(stored.length, lines.length)
        lines.forEach((line, index) => {
          assert.ok(stored[index]?.equals(line), `message ${index}`)
        })
      })
    })

for (const model of MODELS)
  test(`a record says where its message came from, and when (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      const before = new Date().toISOString()
      const one = await server.connect()
      assert.equal(await one.exchange('a\nb\n'), 'a\nb\n')
      one.end()
      await one.rest()
      one.close()
      const two = await server.connect()
      assert.equal(await two.exchange('c\n'), 'c\n')
      const after = new Date().toISOString()
      const [a, b, c] = recordsOf(file)
      assert.ok(a && b && c)
      assert.deepEqual([a.n, b.n, c.n], [1, 2, 1])
      assert.deepEqual([a.peer, b.peer, c.peer], [one.name, one.name, two.name])
      assert.match(a.connection, /^[0-9a-f]{8}-1$/)
      assert.equal(b.connection, a.connection)
      assert.equal(c.connection, a.connection.replace(/1$/, '2'))
      for (const { time } of [a, b, c]) assert.ok(before <= time && time <= after, time)
      two.close()
    })
  })

for (const model of MODELS)
  test(`a last line without a newline is a message, and comes back as it came (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      assert.equal((await converse(server.address, 'one\ntwo')).toString(), 'one\ntwo')
      assert.equal((await converse(server.address, 'x'.repeat(10_000))).length, 10_000)
      assert.equal((await converse(server.address, '')).length, 0)
      assert.deepEqual(
        messagesOf(file).map((message) => message.length),
        [3, 3, 10_000],
      )
    })
  })

for (const model of MODELS)
  test(`10,000 tiny messages in a burst come back in order (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      const lines = Array.from({ length: 10_000 }, (_, index) => String(index))
      const sent = `${lines.join('\n')}\n`
      assert.equal((await converse(server.address, sent)).toString(), sent)
      assert.deepEqual(messagesOf(file).map(String), lines)
    })
  })

test('100,000 empty lines are as many messages', async () => {
  await withStore({}, async ({ server, file }) => {
    const sent = '\n'.repeat(100_000)
    assert.equal((await converse(server.address, sent)).toString(), sent)
    assert.equal(recordsOf(file).length, 100_000)
  })
})

for (const format of formats)
  test(`messages of 200 KB from many clients at once do not mix (${format})`, async () => {
    await withStore({ format, args: ['--max-message', '256k'] }, async ({ server, file }) => {
      const letters = [...'abcdefghijklmnop']
      const message = (letter: string, round: number): string => `${round}${letter.repeat(200_000)}`
      await Promise.all(
        letters.map(async (letter) => {
          const client = await server.connect()
          for (let round = 0; round < 3; round++) {
            const line = `${message(letter, round)}\n`
            assert.ok((await client.exchange(line)) === line)
          }
          client.close()
        }),
      )
      const stored = messagesOf(file).map((bytes) => bytes.toString('latin1'))
      assert.equal(stored.length, 3 * letters.length)
      for (const letter of letters) {
        const mine = stored.filter((text) => text[1] === letter)
        assert.equal(mine.length, 3)
        mine.forEach((text, round) => {
          assert.ok(text === message(letter, round), `message ${round} of ${letter}`)
        })
      }
    })
  })

for (const model of MODELS)
  for (const ending of ['\n', ''])
    test(`a line that is too long ${ending === '' ? 'and never ends ' : ''}gets an error line, after the echoes before it (model ${model})`, async () => {
      await withStore({ model, args: ['--max-message', '1000'] }, async ({ server, file }) => {
        const error = 'error: message longer than 1000 bytes\n'
        const fits = 'y'.repeat(1000)
        const client = await server.connect()
        client.send(`before\n${fits}\n${'x'.repeat(1001)}${ending}more\n`)
        assert.equal((await client.rest()).toString(), `before\n${fits}\n${error}`)
        const logged = await server.logged('the reason', ({ msg }) => msg === 'message longer than 1000 bytes')
        assert.deepEqual([logged.level, logged['peer']], [30, client.name])
        client.send('and on\n').end()
        client.close()
        assert.deepEqual(messagesOf(file).map(String), ['before', fits])
        assert.equal((await converse(server.address, 'next\n')).toString(), 'next\n')
      })
    })

test('a line that is too long closes its own connection only, and a client that goes on sending still reads why', async () => {
  await withStore({ args: ['--max-message', '4k'] }, async ({ server, file }) => {
    const other = await server.connect()
    assert.equal(await other.exchange('hello\n'), 'hello\n')
    const client = await server.connect()
    client.socket.on('error', () => {})
    client.send(Buffer.alloc(1_000_000, 'z'))
    assert.equal((await client.rest()).toString(), 'error: message longer than 4096 bytes\n')
    client.close()
    assert.equal(await other.exchange('still here\n'), 'still here\n')
    other.close()
    assert.deepEqual(messagesOf(file).map(String), ['hello', 'still here'])
  })
})

for (const model of MODELS)
  test(`sequence numbers go on where the file ends (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file, folder }) => {
      await converse(server.address, 'one\ntwo\n')
      assert.deepEqual(await server.stop(), { code: 0, signal: null })
      await withStore({ model, folder }, async ({ server: next }) => {
        await converse(next.address, 'three\n')
        const records = recordsOf(file)
        assert.deepEqual(
          records.map(({ seq, message }) => `${seq} ${message}`),
          ['1 one', '2 two', '3 three'],
        )
        const [first, , last] = records
        assert.notEqual(first?.connection.split('-')[0], last?.connection.split('-')[0], 'another run, another name')
      })
    })
  })

test('the text sink holds the lines and nothing else', async () => {
  await withStore({ format: 'text' }, async ({ server, file }) => {
    await converse(server.address, 'hello\n\nworld\r\nend')
    assert.equal(readFileSync(file, 'latin1'), 'hello\n\nworld\r\nend\n')
  })
})

test('the file is for its owner and group', async () => {
  await withStore({}, async ({ file }) => {
    assert.equal(statSync(file).mode & 0o777 & ~0o640, 0)
  })
})
