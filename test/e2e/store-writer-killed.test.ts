/** The writer is killed with SIGKILL at any moment: nothing is lost, nothing is there twice, and clients notice no more than a pause. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive } from '../harness/proc.js'
import { connectionsOf, killWriter, messagesOf, type StoreLaunch, type TestStore, withStore } from '../harness/store.js'
import { Talker } from '../harness/talker.js'
import { until } from '../harness/until.js'

/** Each new writer is started later than the one before, a second at most. */
const ROUNDS = 8
const SIZES = [20, 20, 300, 20, 4100, 20, 9000, 4079, 4080, 4081, 60_000]

async function talkers({ server }: TestStore, count: number): Promise<Talker[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => server.connect()))
  return clients.map((client, index) => new Talker(client, `client-${index}`, SIZES.slice(index % 4)))
}

const echoes = (all: readonly Talker[]): number => all.reduce((sum, { echoed }) => sum + echoed, 0)

/** Each line that was sent is there once, in the order of its client; and it came back. */
function assertAllStored(file: string, all: readonly Talker[]): void {
  const stored = new Map<string, string[]>(all.map((_talker, index) => [`client-${index}`, []]))
  for (const message of messagesOf(file)) {
    const line = message.toString('latin1')
    stored.get(line.slice(0, line.indexOf(' ')))?.push(line)
  }
  all.forEach((talker, index) => {
    assert.equal(talker.echoed, talker.sent.length, 'every line came back')
    const mine = stored.get(`client-${index}`) as string[]
    assert.equal(mine.length, talker.sent.length, `lines of client-${index} in the file`)
    const wrong = mine.findIndex((line, at) => line !== talker.sent[at])
    assert.equal(wrong, -1, `line of client-${index} that is not as it was sent`)
  })
}

for (const format of ['ndjson', 'text'] as const)
  test(`kill -9 of the writer under load, ${ROUNDS} times: every line is stored once and comes back (${format})`, async () => {
    const launch: StoreLaunch = { format }
    await withStore(launch, async (store) => {
      const { server, file } = store
      const all = await talkers(store, 8)
      for (const talker of all) talker.start()
      for (let round = 0; round < ROUNDS; round++) {
        // every other one is killed at any moment of its start; two in a row would be a reason to restart it ever later
        const before = echoes(all)
        if (round % 2 === 0) await until('echoes by the new writer', () => echoes(all) > before)
        await delay(Math.random() * 30)
        await killWriter(server)
      }
      for (const talker of all) talker.stop()
      await until('all echoes', () => all.every(({ echoed, sent }) => echoed === sent.length), 15_000)
      await until('no connections', () => connectionsOf(server).length === 0)
      assertAllStored(file, all)
      assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
    })
  })

test('a client that goes away while the writer is dead still has its lines stored', async () => {
  await withStore({}, async ({ server, file }) => {
    const client = await server.connect()
    assert.equal(await client.exchange('first\n'), 'first\n')
    const [connection] = connectionsOf(server)
    const killed = killWriter(server)
    client.send('second\n').send('third\n').close()
    await killed
    await until('the connection process ends', () => !isAlive(connection as number))
    const texts = messagesOf(file).map(String)
    // what the kernel still had when the client broke off may be gone, but nothing of it is there in part or twice
    assert.deepEqual(texts, ['first', 'second', 'third'].slice(0, texts.length))
    assert.deepEqual(await server.stop(), { code: 0, signal: null })
  })
})
