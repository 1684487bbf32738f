/** The whole tree is killed with SIGKILL under load; the next server finds every message that had come back, once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { MODELS, messagesOf, withStore } from '../harness/store.js'
import { Talker } from '../harness/talker.js'
import { until } from '../harness/until.js'

const ROUNDS = 3
const SIZES = [30, 3000, 30, 30, 9000]

for (const model of MODELS)
  for (const format of ['ndjson', 'text'] as const)
    test(`kill -9 of everything under load, ${ROUNDS} times (model ${model}, ${format})`, async () => {
      await withFolder(async (folder) => {
        const echoed: string[] = []
        const sent: string[] = []
        let file = ''
        for (let round = 0; round < ROUNDS; round++)
          await withStore({ model, format, folder }, async (store) => {
            file = store.file
            const { server } = store
            const count = model === 'single' ? 1 : 6
            const clients = await Promise.all(Array.from({ length: count }, () => server.connect()))
            const talkers = clients.map((client, index) => new Talker(client, `${round}-${index}`, SIZES).start())
            await until('echoes', () => talkers.every((talker) => talker.echoed > 10))
            await delay(Math.random() * 100) // any moment
            for (const pid of [...server.observe(), server.supervisor, server.pid]) kill(pid)
            await until('the end of the launcher', () => server.ended)
            await server.assertGone()
            await Promise.all(clients.map((client) => client.gone()))
            for (const talker of talkers) {
              echoed.push(...talker.sent.slice(0, talker.echoed))
              sent.push(...talker.sent)
            }
            for (const client of clients) client.close()
          })
        await withStore({ model, format, folder }, async ({ server }) => {
          assert.equal((await converse(server.address, 'after\n')).toString(), 'after\n')
        })
        const stored = messagesOf(file).map((message) => message.toString('latin1'))
        const known = new Set(stored)
        assert.equal(known.size, stored.length, 'none is there twice')
        assert.deepEqual(
          echoed.filter((line) => !known.has(line)).map((line) => line.slice(0, 20)),
          [],
        )
        const real = new Set(sent)
        const invented = stored.filter((line) => line !== 'after' && !real.has(line))
        assert.deepEqual(
          invented.map((line) => line.slice(0, 20)),
          [],
        )
      })
    })

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // its parent's end took it along
  }
}
