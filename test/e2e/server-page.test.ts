/** `--page` of the server commands: a page beside the server, which ends with it and which no connection notices. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { test } from 'node:test'
import type { Snapshot } from '../../src/page/shapes.js'
import { ask } from '../harness/page.js'
import { descriptorsOf, isAlive, statOf } from '../harness/proc.js'
import { runToEnd, tined } from '../harness/program.js'
import { psOf } from '../harness/ps.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'
import { asNobody, noNobody } from '../harness/users.js'

const echo = (...args: string[]): ReturnType<typeof tined> => tined('echo', '--port', '0', ...args)
const ANYWHERE = ['--page', '127.0.0.1:0']

interface Found {
  pid: number
  /** Who serves the web: its child as root. */
  serving: number
  url: string
}

const heldBy = (pid: number): string[] => descriptorsOf(pid).map(({ target }) => target)

/** What was open before this test is everybody's. */
const sharedWith = (launcher: number, page: number): string[] =>
  heldBy(launcher).filter(
    (target) => /^(pipe|socket)/.test(target) && heldBy(page).includes(target) && !heldBy(process.pid).includes(target),
  )

const userOf = (pid: number): number =>
  Number(/^Uid:\t\d+\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** Once it says where it is, and `tined ps` has it. */
async function pageOf(server: TestServer): Promise<Found> {
  const url = await until('the page says where', () => /^ {2}page +(http:\S+)$/m.exec(server.stderr)?.[1])
  const [page, front, ...others] = (await psOf(server)).processes.filter(({ role }) => role === 'page')
  assert.deepEqual(others, [])
  assert.equal(front?.parent, userOf(server.pid) === 0 ? page?.pid : undefined)
  const web = front?.pid ?? page?.pid ?? 0
  const status = readFileSync(`/proc/${web}/status`, 'utf8')
  assert.match(status, /^NoNewPrivs:\t1$/m)
  if (userOf(server.pid) === 0) assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$.*^CapEff:\t0+$/ms)
  const pid = page?.pid ?? assert.fail('tined ps shows a page')
  const serving = front?.pid ?? pid
  await until('the launcher holds nothing that leads to it', () => sharedWith(server.pid, pid).length === 0)
  server.rememberDescriptors()
  return { pid, serving, url }
}

for (const model of ['fork', 'multiplex'])
  test(`model ${model}: it shows its own server, is counted as no connection, and ends with it`, async () => {
    let found: Found | undefined
    await withServer(echo('--model', model, ...ANYWHERE), async (server) => {
      found = await pageOf(server)
      const client = await server.connect()
      await client.exchange('hello')
      const shot = await until('the connection', async () => {
        const { servers } = JSON.parse((await ask(`${found?.url}api/snapshot`)).text) as Snapshot
        return servers.find(({ connections }) => connections === 1)
      })
      assert.deepEqual([shot.launcher, shot.listening, shot.warnings], [server.pid, [server.address], []])
      assert.equal(shot.processes.find(({ role }) => role === 'page')?.pid, found.pid)
      assert.equal(shot.totals?.accepted, 1)
      client.close()
      await server.assertSteady()
      assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
    })
    assert.ok(found !== undefined && !isAlive(found.pid) && !isAlive(found.serving))
  })

test('of a user without privileges it is one process', { skip: noNobody }, async () => {
  await withServer({ ...echo(...ANYWHERE), under: asNobody }, async (server) => {
    const { pid, serving, url } = await pageOf(server)
    assert.equal(pid, serving)
    const { servers } = JSON.parse((await ask(`${url}api/snapshot`)).text) as Snapshot
    assert.deepEqual([servers[0]?.supervisor, servers[0]?.notes], [server.supervisor, []])
  })
})

test('one that hangs or is killed is noticed by no connection, nor by the end of the server', async () => {
  await withServer(echo(...ANYWHERE), async (server) => {
    const { pid, serving } = await pageOf(server)
    const client = await server.connect()
    process.kill(pid, 'SIGSTOP')
    await until('it is stopped', () => statOf(pid)?.state === 'T')
    await client.exchange('hello')
    process.kill(pid, 'SIGKILL')
    await until('it is said', () =>
      server.stderr.includes('there is no page any more, and the server goes on: it ended with SIGKILL'),
    )
    await until(
      'nothing of it is left, a zombie neither',
      () => !existsSync(`/proc/${pid}`) && !existsSync(`/proc/${serving}`),
    )
    await client.exchange('hello')
    client.close()
    await server.connections(0)
  })
  await withServer(echo(...ANYWHERE), async (server) => {
    process.kill((await pageOf(server)).pid, 'SIGSTOP')
    assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
    assert.doesNotMatch(server.stderr, /no page any more/)
  })
})

test('it ends with a launcher that is killed, hanging or not', async () => {
  for (const hangs of [false, true])
    await withServer(echo(...ANYWHERE), async (server) => {
      const { pid, serving } = await pageOf(server)
      if (hangs) for (const each of new Set([pid, serving])) process.kill(each, 'SIGSTOP')
      server.observe()
      process.kill(server.pid, 'SIGKILL')
      await server.finished()
      await until('it is gone', () => !isAlive(pid) && !isAlive(serving))
    })
})

test('where the usual port is taken it takes a free one; where one was named it says so, and the server goes on', async () => {
  const taken = createServer().listen(9191, '127.0.0.1')
  // somebody else's may be there already
  await new Promise<void>((resolve) => taken.once('listening', resolve).once('error', () => resolve()))
  try {
    await withServer(echo('--page'), async (server) => {
      const { url } = await pageOf(server)
      assert.notEqual(new URL(url).port, '9191')
      assert.equal((await ask(`${url}health`)).status, 200)
    })
    await withServer(echo('--page', '127.0.0.1:9191'), async (server) => {
      await until('it is said', () =>
        /^tined: there is no page any more, and the server goes on: listen EADDRINUSE/m.test(server.stderr),
      )
      server.rememberDescriptors()
      const client = await server.connect()
      await client.exchange('hello')
      client.close()
      await server.connections(0)
    })
  } finally {
    taken.close()
  }
})

for (const value of ['127.0.0.1:0', '1'])
  test(`by a variable, as by the flag: TINED_PAGE=${value}`, () =>
    withServer({ ...echo(), env: { TINED_PAGE: value } }, async (server) => void (await pageOf(server))))

for (const value of ['', '0'])
  test(`none with TINED_PAGE=${value}`, async () => {
    await withServer({ ...echo(), env: { TINED_PAGE: value } }, async (server) => {
      const client = await server.connect()
      await client.exchange('hello')
      assert.equal(
        (await psOf(server)).processes.some(({ role }) => role === 'page'),
        false,
      )
      client.close()
      await server.connections(0)
    })
  })

const MISUSE: [args: string[], env: NodeJS.ProcessEnv, said: string][] = [
  [
    ['--page', '0.0.0.0:0'],
    {},
    '--page: 0.0.0.0 is reached from other machines, and would show them every client: give a token, TINED_PAGE_TOKEN',
  ],
  [['--page', 'unix:/tmp/x'], {}, '--page: a browser needs HOST:PORT'],
  [[], { TINED_PAGE: 'x' }, 'TINED_PAGE: expected HOST:PORT or [IPv6]:PORT with a numeric host, no zone, got "x"'],
]
for (const [args, env, said] of MISUSE)
  test(`${[...args, ...Object.keys(env)].join(' ')} is misuse, before anything listens`, async () => {
    const { code, stderr } = await runToEnd({ ...echo(...args), env })
    assert.equal(code, 100)
    assert.ok(stderr.startsWith(`tined: fatal: ${said}`), stderr)
  })
