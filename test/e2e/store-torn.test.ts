/** A tail torn by a crash is cut at start, saved beside the file, and reported. */
import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { MODELS, messagesOf, withStore } from '../harness/store.js'

/** What may be behind the last whole record. */
const tails: Record<string, string> = {
  'half a record': '{"seq":3,"time":"2026-01-01T00:00:00.000Z","connection":"ab-1","n":1,"pe',
  'a record with a wrong checksum': '{"seq":3,"n":1,"peer":"x","message":"y","crc32":"00000000"}\n',
  'zeros, of blocks that were never written': '\0'.repeat(5000),
  'a batch of which nothing is right': `${'{"seq":3}\n'.repeat(3)}{"seq":6,"ti`,
}

for (const model of MODELS)
  for (const [what, tail] of Object.entries(tails))
    test(`a torn tail is cut: ${what} (model ${model})`, async () => {
      await withFolder(async (folder) => {
        await withStore({ model, folder }, async ({ server }) => {
          await converse(server.address, 'one\ntwo\n')
        })
        const file = join(folder, 'messages.ndjson')
        const whole = readFileSync(file)
        appendFileSync(file, tail)
        await withStore({ model, folder }, async ({ server }) => {
          await server.logged('the cut', ({ msg }) => msg.includes(`a torn tail was cut at byte ${whole.length}`))
          const saved = readdirSync(folder).filter((name) => name.startsWith('messages.ndjson.torn-'))
          assert.equal(saved.length, 1)
          assert.match(saved[0] as string, /\.torn-\d{8}T\d{6}Z$/)
          assert.equal(readFileSync(join(folder, saved[0] as string), 'latin1'), tail)
          assert.ok(readFileSync(file).equals(whole))
          await converse(server.address, 'three\n')
          assert.deepEqual(messagesOf(file).map(String), ['one', 'two', 'three'])
        })
      })
    })

test('a first record that is torn leaves an empty file', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'messages.ndjson')
    appendFileSync(file, '{"seq":1,"ti')
    await withStore({ folder }, async ({ server }) => {
      await converse(server.address, 'one\n')
      assert.deepEqual(messagesOf(file).map(String), ['one'])
    })
  })
})

test('a last record that lacks only its newline is kept', async () => {
  await withFolder(async (folder) => {
    await withStore({ folder }, async ({ server }) => {
      await converse(server.address, 'one\ntwo\n')
    })
    const file = join(folder, 'messages.ndjson')
    truncateSync(file, readFileSync(file).length - 1)
    await withStore({ folder }, async ({ server }) => {
      await converse(server.address, 'three\n')
      assert.deepEqual(messagesOf(file).map(String), ['one', 'two', 'three'])
      assert.deepEqual(readdirSync(folder), ['messages.ndjson'])
    })
  })
})

test('a last line of text without its newline is cut', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'messages.txt')
    appendFileSync(file, 'one\ntw')
    await withStore({ format: 'text', folder }, async ({ server }) => {
      await server.logged('the cut', ({ msg }) => msg.includes('a torn tail was cut at byte 4: 2 bytes'))
      await converse(server.address, 'three\n')
      assert.deepEqual(messagesOf(file).map(String), ['one', 'three'])
    })
  })
})
