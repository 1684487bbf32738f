/** `sqlite:` under load, its writer killed at any moment; and that nobody holds it who must not. */
import assert from 'node:assert/strict'
import { existsSync, renameSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Refused } from '../../src/observe/read.js'
import type { ServerView } from '../../src/observe/server-view.js'
import { lastMessages } from '../../src/page/last-messages.js'
import { read } from '../../src/store/reading/read.js'
import { verify } from '../../src/store/reading/verify.js'
import { parseSink } from '../../src/store/sinks/parse.js'
import { descriptorsOf } from '../harness/proc.js'
import { runToEnd, tined } from '../harness/program.js'
import { NO_SQLITE } from '../harness/sqlite.js'
import { connectionsOf, killWriter, withStore, writerOf } from '../harness/store.js'
import { Talker } from '../harness/talker.js'
import { until } from '../harness/until.js'

const SIZES = [20, 20, 300, 4100, 20_000]
const ROUNDS = 6

async function messagesIn(file: string): Promise<string[]> {
  const found: string[] = []
  for await (const { message } of read(`sqlite:${file}`)) found.push(message.toString('latin1'))
  return found
}

for (const model of ['fork', 'single'] as const)
  test(`every line is in the database once and comes back (${model})`, { skip: NO_SQLITE ?? false }, async () => {
    await withStore({ model, format: 'sqlite' }, async ({ server, file }) => {
      const clients = model === 'single' ? 1 : 6
      const talkers: Talker[] = []
      for (let index = 0; index < clients; index++)
        talkers.push(new Talker(await server.connect(), `client-${index}`, SIZES.slice(index % 3)).start())
      const echoed = (): number => talkers.reduce((sum, talker) => sum + talker.echoed, 0)
      for (let round = 0; round < ROUNDS; round++) {
        const before = echoed()
        await until('echoes', () => echoed() > before + 20)
        await delay(Math.random() * 20)
        if (model === 'fork') await killWriter(server)
      }
      const refused = await runToEnd(tined('store', '--to', `sqlite:${file}`, '--listen', '127.0.0.1:0'))
      assert.match(refused.stderr, /messages\.db: another server stores to this file\n$/)
      for (const talker of talkers) talker.stop()
      await until('all echoes', () => talkers.every((talker) => talker.echoed === talker.sent.length), 15_000)
      if (model === 'fork') {
        await until('no connections', () => connectionsOf(server).length === 0)
        const holding = (pid: number): number =>
          descriptorsOf(pid).filter(({ target }) => target.startsWith(file)).length
        assert.deepEqual([holding(server.supervisor), holding(writerOf(server) as number) > 2], [0, true])
      }
      const role = model === 'single' ? 'single' : 'writer'
      const view = {
        processes: [{ role, pid: writerOf(server) ?? server.pid }],
        refused: new Set() as Refused,
        isStore: true,
      }
      const shown = lastMessages(view as unknown as ServerView)?.messages.map(({ text }) => text.slice(0, 10))
      const last = (await messagesIn(file)).slice(-20).map((line) => line.slice(0, 10))
      assert.deepEqual(shown, last, 'what the page shows')
      const client = await server.connect()
      renameSync(file, `${file}.moved`)
      client.send('lost\n')
      const error = 'error: not stored: i/o error (EIO)\n'
      assert.equal(await client.takeText(error.length), error)
      renameSync(`${file}.moved`, file)
      client.close()
      await server.logged('why', ({ msg }) => /was moved away or removed: put it back/.test(msg))
      const stored = await messagesIn(file)
      for (const [index, { sent }] of talkers.entries())
        assert.deepEqual(
          stored.filter((line) => line.startsWith(`client-${index} `)),
          sent,
        )
      assert.equal(
        stored.length,
        talkers.reduce((sum, { sent }) => sum + sent.length, 0),
      )
      const faults: string[] = []
      const { connections } = verify(parseSink('sink', `sqlite:${file}`), (words) => faults.push(words))
      assert.deepEqual([connections, faults], [clients, []])
      assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
      assert.ok(!existsSync(`${file}-wal`), 'the writer has closed it')
    })
  })
