/** Where memory runs out the kernel ends connections, and not the server. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Client } from '../harness/client.js'
import { ControlGroup, noGroup } from '../harness/control-group.js'
import { childrenOf, titleOf } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { withStore, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

const scoreOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'latin1'))

for (const [model, style] of [
  ['fork', 'callbacks'],
  ['fork', 'async'],
  ['multiplex', 'callbacks'],
] as const)
  test(`what serves raises its own score, and nobody else (${model}, ${style})`, async () => {
    await withServer(fixture(`echo-${style}.js`, { model }), async (server) => {
      const client = await server.connect()
      await client.exchange('served')
      const own = scoreOf(server.pid)
      assert.equal(scoreOf(server.supervisor), own)
      const serving = childrenOf(server.supervisor)
      assert.equal(serving.length, 1)
      for (const pid of serving) assert.ok(scoreOf(pid) >= own + 100 || scoreOf(pid) === 1000, titleOf(pid))
      client.close()
      await server.connections(model === 'fork' ? 0 : 1)
    })
  })

test("the store's writer has the score of the server", async () => {
  await withStore({}, async ({ server }) => {
    assert.equal(scoreOf((await until('a writer', () => writerOf(server))) as number), scoreOf(server.pid))
  })
})

const MB = 1024 * 1024
const noMemoryGroup = noGroup('memory')

/** Connects clients, each of which takes memory, until some were ended; how many were. */
async function fill(server: TestServer, count: number): Promise<{ living: Client[]; ended: number }> {
  const living: Client[] = []
  let ended = 0
  for (let index = 0; index < count; index++) {
    const client = await server.connect()
    try {
      await client.takeText(2)
      living.push(client)
    } catch {
      ended++
    }
  }
  return { living, ended }
}

for (const style of ['callbacks', 'async'])
  test(`300 MB filled by 200 connections: some of these are ended, the server is not (${style})`, {
    skip: noMemoryGroup,
  }, async () => {
    const group = new ControlGroup('memory', 300 * MB)
    try {
      await withServer({ ...fixture('hoarding.js', {}, '8', style), under: group.under }, async (server) => {
        const launcher = server.pid
        const { living } = await fill(server, 200)
        const still = async (client: Client): Promise<boolean> =>
          (await client.exchange('there?').catch(() => '')) === 'there?'
        const there = await Promise.all(living.map(still))
        const served = there.filter(Boolean).length
        assert.ok(served > 3 && served < 200, `${served} are served`)
        for (const client of living) client.close()
        await server.connections(0)
        const after = await server.connect()
        assert.equal(await after.takeText(2), '8\n')
        after.close()
        await server.connections(0)
        assert.equal(titleOf(launcher).includes('hoarding'), true)
        assert.match(server.stderr, /connection process killed by SIGKILL/)
        assert.deepEqual(await server.stop(), { code: 0, signal: null })
      })
    } finally {
      await group.remove()
    }
  })
