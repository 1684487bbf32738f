/** Whatever a connection process writes, records are of who sent them, others go on, and the writer stays. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeRecord } from '../../src/store/file/record.js'
import type { Client } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { linesOf, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

async function ask(client: Client, question: string): Promise<string> {
  client.send(question)
  let answer = ''
  while (!answer.endsWith('\n')) answer += await client.takeText(1)
  return answer
}

// of model multiplex the connections of a worker are one process, and share its memory
for (const model of ['fork', 'prefork'] as const)
  test(`a connection process in bad hands (${model})`, async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'messages.ndjson')
      await withServer(fixture('forging', { model }, file), async (server) => {
        const writer = await until('a writer', () => writerOf(server))
        const victim = await server.connect()
        assert.equal(await victim.exchange('one\n'), 'one\n')
        for (const [round, attack] of ['noise', 'name', 'things', 'deaf', 'worker', 'endless'].entries()) {
          const bad = await server.connect()
          assert.equal(await bad.exchange('mine\n'), 'mine\n')
          for (const id of [1, 2]) assert.equal(await ask(bad, `!${attack} ${id}\n`), 'tried\n')
          assert.equal(await victim.exchange(`${round}\n`), `${round}\n`, `after ${attack} who is there goes on`)
          assert.equal(writerOf(server), writer, `after ${attack} it is the same writer`)
          bad.close()
          const fresh = await server.connect()
          assert.equal(await fresh.exchange('fresh\n'), 'fresh\n', `after ${attack} others may come`)
          assert.equal(
            await ask(fresh, '!memory 0\n'),
            'false\n',
            'what the writer notes for the next is not within reach',
          )
          fresh.close()
        }
        const records = linesOf(file).map((line) => decodeRecord(line))
        const lines = (of: string): string[] =>
          records.filter((record) => record?.peer === of).map((record) => `${record?.n} ${record?.message}`)
        assert.deepEqual(
          lines(victim.name),
          ['1 one', '2 0', '3 1', '4 2', '5 3', '6 4', '7 5'],
          'all its lines, and no other',
        )
        const names = new Set(records.filter((record) => record?.peer === victim.name).map((each) => each?.connection))
        const others = records.filter((record) => record?.peer !== victim.name).map((each) => each?.connection)
        assert.deepEqual(
          [...names].filter((name) => others.includes(name)),
          [],
          'nobody else has its name',
        )
        if (model === 'fork') {
          const forged = records.filter((record) => String(record?.message) === 'forged')
          assert.ok(!forged.some((record) => record?.peer === '10.9.8.7:1'), 'the peer is who the supervisor says')
        }
        await server.logged('what happened', ({ msg }) => /^process \d+ is sent away/.test(msg))
        victim.close()
        assert.deepEqual(await server.stop(), { code: 0, signal: null })
      })
    })
  })
