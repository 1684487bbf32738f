/** `append` of tined/store in handlers of every model: what is told is in the store, there once, in order, also when the writer dies. */
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeRecord } from '../../src/store/file/record.js'
import type { Client } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { killWriter, linesOf, messagesOf, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

interface Answer {
  message: string
  sequence?: number
  durability?: string
  code?: string
}

async function ask(client: Client, question: string): Promise<Answer[]> {
  client.send(`${question}\n`)
  let length = ''
  while (!length.endsWith('\n')) length += await client.takeText(1)
  return JSON.parse(await client.takeText(Number(length))) as Answer[]
}

const ORDER = ['memory', 'os', 'disk']

/** As durable as each is wanted, with the writer killed meanwhile: only what was in memory may be missing, and nothing is there twice. */
async function appendMixed(client: Client, file: string, meanwhile: () => unknown): Promise<void> {
  const before = linesOf(file).length
  const { size } = statSync(file)
  const asked = ask(client, '900 400 mixed')
  await until('some are there', () => statSync(file).size > size + 5000)
  await meanwhile()
  const answers = await asked
  const records = linesOf(file)
    .slice(before)
    .map((line) => decodeRecord(line))
  const places = new Map(records.map((record, place) => [String(record?.message), place]))
  assert.equal(places.size, records.length, 'each is there once')
  let last = -1
  for (const [index, { message, durability = '', sequence }] of answers.entries()) {
    assert.ok(ORDER.indexOf(durability) >= index % 3, `${durability} for ${ORDER[index % 3]}`)
    const place = places.get(message)
    if (place === undefined) {
      assert.equal(durability, 'memory', 'only that may be lost with the writer')
      continue
    }
    assert.ok(place > last, 'in their order')
    last = place
    assert.deepEqual(records[place]?.fields, { index })
    if (sequence !== undefined) assert.equal(sequence, records[place]?.seq)
  }
}

for (const model of ['single', 'fork', 'prefork', 'multiplex'] as const)
  test(`messages that handlers append (${model})`, async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'messages.ndjson')
      await withServer(fixture('appending', { model }, file), async (server) => {
        const one = await server.connect()
        const answers = [...(await ask(one, '1 0')), ...(await ask(one, '700 300')), ...(await ask(one, '3 90000'))]
        const tooLong = await ask(one, '1 100001')
        assert.match(tooLong[0]?.code ?? '', /RangeError: append: expected at most 100000 bytes, got 100001/)
        if (model === 'single') one.close()
        const two = await server.connect()
        const { size } = statSync(file)
        const later = ask(two, '2000 500')
        if (model !== 'single') {
          // in the middle of it
          // its end may be half a line while it is written
          await until('some are there', () => statSync(file).size > size + 5000)
          process.kill((await until('a writer', () => writerOf(server))) as number, 'SIGKILL')
        }
        answers.push(...(await later))
        const records = linesOf(file).map((line) => decodeRecord(line))
        assert.deepEqual(
          records.map((record) => record?.seq),
          records.map((_, index) => index + 1),
        )
        const stored = new Map(records.map((record) => [String(record?.message), record?.seq]))
        assert.equal(stored.size, records.length, 'each is there once')
        assert.deepEqual(
          answers.map(({ message }) => message),
          records.map((record) => String(record?.message)),
          'in the order of the calls, and all of them',
        )
        for (const { message, sequence, durability } of answers) {
          assert.equal(durability, 'disk')
          if (model === 'single' || sequence !== undefined) assert.equal(sequence, stored.get(message))
        }
        const untold = answers.filter(({ sequence }) => sequence === undefined).length
        assert.ok(untold < 500, `${untold} without a number: those of the writer that died`)
        if (model === 'fork') assert.equal(records.at(-1)?.peer, two.name, 'of whom it is')
        await appendMixed(two, file, () => model === 'single' || killWriter(server))
        two.close()
        assert.deepEqual(await server.stop(), { code: 0, signal: null })
      })
    })
  })

test('a message that cannot be stored is rejected, and those before it are there', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'messages.ndjson')
    const under = ['bash', '-c', 'ulimit -f 8; exec "$@"', 'bash']
    await withServer({ ...fixture('appending', { model: 'fork' }, file, 'os'), under }, async (server) => {
      const client = await server.connect()
      const answers = await ask(client, '40 400')
      const stored = answers.filter(({ code }) => code === undefined)
      assert.ok(stored.length > 0 && stored.length < 40, `${stored.length} stored`)
      for (const { durability } of stored) assert.equal(durability, 'os')
      for (const { code } of answers.slice(stored.length)) assert.equal(code, 'EFBIG')
      assert.deepEqual(
        messagesOf(file).map(String),
        stored.map(({ message }) => message),
      )
      client.close()
    })
  })
})

test('serve() takes what store() makes', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'messages.ndjson')
    await withServer(fixture('appending', { model: 'fork' }, file, 'echo'), async (server) => {
      const client = await server.connect()
      assert.equal(await client.exchange('one\n'), 'one\n')
      assert.deepEqual(messagesOf(file).map(String), ['one'])
      client.close()
    })
  })
})
