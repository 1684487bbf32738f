/** A program that is asked of each message: what it refuses harms nobody, what it makes is stored, and answers come in order. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { read } from '../../src/store/reading/read.js'
import { withFolder } from '../harness/folder.js'
import { fixture, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { recordsOf } from '../harness/store.js'

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** What is sent, and what comes back: a number for what is stored. */
const SAID = [
  ['one', 1],
  ['no', 'error: not here'],
  ['throw', 'error: not stored: accept failed'],
  ['promise', 'error: not stored: accept failed'],
  ['upper', 2],
  ['long', 'error: not stored: accept failed'],
  ['much', 'error: not stored: fields failed'],
  ['text', 'error: not stored: transform failed'],
  ['bare', 3],
  ['', 4],
] as const

for (const model of ['single', 'fork', 'multiplex'] as const)
  test(`accept, fields, transform, durability of a connection, and sequence numbers (${model})`, async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'messages.ndjson')
      await withServer(fixture('store-hooks', { model }, file), async (server) => {
        const names: string[] = []
        for (const [index, durability] of ['disk', 'os', 'memory'].entries()) {
          const client = await server.connect()
          names.push(client.name)
          client.send(`${SAID.map(([message]) => message).join('\n')}\nlast`).end()
          const answers = (await client.rest()).toString().split('\n')
          assert.equal(answers.pop(), '')
          assert.equal(answers.length, SAID.length + 1)
          for (const [place, expected] of [...SAID.map(([, answer]) => answer), 5].entries()) {
            const answer = answers[place] as string
            if (typeof expected === 'string') {
              assert.equal(answer, expected)
              continue
            }
            const [sequence, reached, time] = answer.split(' ')
            const inOneProcess = model === 'single' && durability === 'memory'
            assert.equal(reached, inOneProcess ? 'os' : durability)
            // what is in memory has no number yet
            const known = durability !== 'memory' || inOneProcess
            assert.equal(sequence, known ? String(5 * index + expected) : '-')
            assert.match(time as string, TIME)
          }
          client.close()
        }
        const failed = await server.logged('why', ({ msg }) => /out of order/.test(msg))
        assert.deepEqual([failed.level, failed.msg], [40, 'not stored: accept failed: Error: out of order'])
        assert.deepEqual(await server.stop(), { code: 0, signal: null })
        const records = recordsOf(file)
        assert.deepEqual(
          records.map(({ message, fields }) => [String(message), fields]),
          names.flatMap((peerName) => [
            ['eno', { first: 'o', peerName }],
            ['REPPU', { first: 'U', peerName }],
            ['erab', undefined],
            ['', { first: '', peerName }],
            ['tsal', { first: 'l', peerName }],
          ]),
        )
        const firsts = []
        for await (const { fields } of read(file)) firsts.push(fields?.['first'])
        assert.deepEqual(firsts.slice(0, 3), ['o', 'U', undefined])
        if (model !== 'fork') return
        const { file: program, args } = tined('messages', file)
        const { stdout } = spawnSync(program, args, { encoding: 'utf8' })
        assert.match(stdout.split('\n')[0] as string, / {2}eno {2}\{"first":"o","peerName":"127/)
      })
    })
  })
