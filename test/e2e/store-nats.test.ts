/** A store whose messages go to a stream of JetStream's: whatever is killed, what was answered is there once. */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Client } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { Nats, noNats, streamed } from '../harness/nats.js'
import { childrenOf, titleOf } from '../harness/proc.js'
import { runToEnd, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { connectionsOf, killWriter } from '../harness/store.js'
import { Talker } from '../harness/talker.js'
import { until } from '../harness/until.js'

const options = { skip: noNats }

const forwarderOf = (server: TestServer): number | undefined =>
  childrenOf(server.supervisor).find((pid) => titleOf(pid) === 'tined: forwarder')

async function killForwarder(server: TestServer): Promise<void> {
  const victim = await until('a forwarder', () => forwarderOf(server))
  process.kill(victim, 'SIGKILL')
  await until('another forwarder', () => ![undefined, victim].includes(forwarderOf(server)))
}

const store = (nats: Nats, folder: string, ...args: string[]) =>
  tined(
    ...['store', '--to', `nats://${nats.address}/messages`, '--spool', join(folder, 'spool')],
    ...['--listen', '127.0.0.1:0', '--log', 'json', ...args],
  )

async function withNats(test: (nats: Nats, folder: string) => Promise<void>): Promise<void> {
  const nats = await new Nats().start()
  try {
    await withFolder((folder) => test(nats, folder))
  } finally {
    await nats.end()
  }
}

/** More than has room. */
const LINES = 40

/** The line that comes back. */
async function ask(client: Client, text: string): Promise<string> {
  client.send(`${text}\n`)
  let answer = ''
  while (!answer.endsWith('\n')) answer += await client.takeText(1)
  return answer.slice(0, -1)
}

const killings: [what: string, kill: (server: TestServer, nats: Nats) => Promise<void>][] = [
  ['the forwarder', killForwarder],
  ['the writer', killWriter],
  [
    'both',
    async (server) => {
      await Promise.all([killForwarder(server), killWriter(server)])
    },
  ],
  [
    'the broker',
    async (_server, nats) => {
      await nats.kill()
      await nats.start()
    },
  ],
]

test(
  'kill -9 of forwarder, writer and broker under load, replicated: each line is in the stream once, in its order, and comes back',
  options,
  async () => {
    await withNats(async (nats, folder) => {
      await withServer(store(nats, folder, '--model', 'fork', '--durability', 'replicated'), async (server) => {
        server.rememberDescriptors()
        const clients = await Promise.all(Array.from({ length: 4 }, () => server.connect()))
        const talkers = clients.map((client, index) => new Talker(client, `client-${index}`, [20, 300, 9000]).start())
        const echoes = (): number => talkers.reduce((sum, { echoed }) => sum + echoed, 0)
        for (const [what, kill] of killings) {
          const before = echoes()
          await until(`echoes before ${what} is killed`, () => echoes() > before + 40)
          await kill(server, nats)
        }
        const before = echoes()
        await until('echoes after all of it', () => echoes() > before + 40, 15_000)
        for (const talker of talkers) talker.stop()
        await until('all echoes', () => talkers.every(({ echoed, sent }) => echoed === sent.length), 15_000)
        await until('no connections', () => connectionsOf(server).length === 0)
        const found = await streamed(nats.address, 'messages')
        assert.equal(found.length, echoes(), 'as many as came back')
        assert.equal(new Set(found.map(({ id }) => id)).size, found.length, 'each has an id of its own')
        for (const [index, { sent }] of talkers.entries()) {
          const mine = found.filter(({ text }) => text.startsWith(`client-${index} `))
          assert.ok(mine.every(({ text }, at) => text === sent[at]) && mine.length === sent.length, 'in their order')
          assert.ok(mine.every(({ peer }) => peer === clients[index]?.name))
        }
        assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
      })
    })
  },
)

test(
  'while the broker is away lines wait in the spool, which has a bound; what was forwarded is removed from it',
  options,
  async () => {
    await withNats(async (nats, folder) => {
      await nats.kill()
      const line = 'm'.repeat(60_000)
      const bytes = (): number =>
        readdirSync(folder)
          .filter((name) => /^spool(?:\.\d+)?$/.test(name))
          .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
      const launch = store(nats, folder, '--model', 'multiplex', '--spool-size', '1m', '--when-full', 'wait')
      await withServer(launch, async (server) => {
        const client = await server.connect()
        for (let count = 0; count < LINES; count++) client.send(`${line}\n`)
        await server.logged('that the spool is full', ({ msg }) => msg.startsWith('not stored: messages wait'))
        assert.ok(bytes() <= 1024 * 1024, `${bytes()}`)
        const away = ({ msg }: { msg: string }): boolean => msg.startsWith('nothing is forwarded, and messages wait')
        await server.logged('that nothing is forwarded', away)
        await nats.start()
        for (let count = 0; count < LINES; count++) assert.equal(await client.takeText(line.length + 1), `${line}\n`)
        const all = async () => (await streamed(nats.address, 'messages').catch(() => [])).length === LINES
        await until('all is forwarded', all, 15_000)
        await until('it is removed', () => bytes() < 512 * 1024, 5000)
        client.close()
      })
      const texts = (await streamed(nats.address, 'messages')).map(({ text }) => text)
      assert.deepEqual(new Set(texts), new Set([line]))
      assert.equal(texts.length, LINES, 'each once')
      // another server goes on with the numbers, also when nothing is left
      const again = { ...launch, args: launch.args.map((word) => word.replace(/\/messages$/, '$&?id=word')) }
      await withServer(again, async (server) => {
        const client = await server.connect()
        // a client that was cut off sends its line again, perhaps elsewhere
        assert.equal(await ask(client, 'next:1 line'), 'next:1 line')
        assert.equal(await ask(client, 'next:1 line'), 'next:1 line')
        assert.equal(await ask(client, 'next:2'), 'next:2')
        const last = async () => (await streamed(nats.address, 'messages')).slice(LINES)
        await until('it is forwarded', async () => (await last()).at(-1)?.text === 'next:2')
        const found = (await last()).map(({ id, sequence }) => `${id} ${sequence}`)
        assert.deepEqual(found, [`next:1 ${LINES + 1}`, `next:2 ${LINES + 3}`], 'what was sent again is there once')
        client.close()
      })
    })
  },
)

test('a store that cannot have a stream says so', options, async () => {
  await withNats(async (nats, folder) => {
    const to = (sink: string, ...args: string[]) => [...['--to', sink, '--spool', join(folder, 'spool')], ...args]
    const url = `nats://${nats.address}`
    const cases: [args: string[], said: RegExp][] = [
      [
        to(`${url}/messages`, '--model', 'single'),
        /a nats: sink needs processes of its own: choose model fork, prefork/,
      ],
      [to(`${url}/messages?replicas=3`), /nats:\/\/127\.0\.0\.1:\d+: replicas > 1 not supported/],
    ]
    for (const [args, said] of cases) {
      const ended = await runToEnd(tined('store', '--listen', '127.0.0.1:0', '--log', 'json', ...args))
      assert.match(ended.stderr, said)
      assert.equal(ended.code, 111)
    }
  })
})
