/** Programs that are started through a loader: hooks of module.register, which run in a thread of their own, and a sampling profiler. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { fixture, type Launch, runToEnd } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'

const CLIENTS = 30
const DEADLINE_MS = 60_000

const preload = (name: string): string => fileURLToPath(new URL(`../fixtures/loader/${name}`, import.meta.url))
const through = (name: string, launch: Launch): Launch => ({
  ...launch,
  nodeFlags: ['--no-deprecation', '--import', preload(name)],
})

async function assertEachAnswered(server: TestServer): Promise<void> {
  const names = Array.from({ length: CLIENTS }, (_, client) => `client-${client}`)
  const got = await Promise.all(names.map(async (name) => (await converse(server.address, name)).toString()))
  assert.deepEqual(
    got,
    names.map((name) => `HELLO ${name}`),
  )
}

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  for (const style of ['async', 'callbacks'])
    test(`thirty clients beside a loader's thread: ${style}, model ${model}`, async () => {
      await withServer(through('register.js', fixture('loaded.js', { model }, style)), async (server) => {
        await assertEachAnswered(server)
        assert.equal(await server.ask<string>('slowly'), 'SLOWLY', 'the loader goes on in the launcher')
      })
    })

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  test(`a late import in a forked process works or fails in words (model ${model})`, async () => {
    await withServer(through('register.js', fixture('loaded.js', { model })), async (server) => {
      const late = async (specifier: string): Promise<string> =>
        (await converse(server.address, `import ${specifier}`)).toString()
      assert.equal(await late('node:querystring'), 'has a default\n')
      assert.equal(await late('data:text/javascript,export%20default%201'), 'has a default\n')
      assert.equal(await late(new URL('../harness/until.js', import.meta.url).href), 'has no default\n')
      assert.match(
        await late('shout:late'),
        /Here, in a forked process, the loader hooks of .*register\.js do not run: .*\(before serve\(\)\)/,
      )
      assert.match(
        await late('./is-not-there.js'),
        /Cannot find module .* the loader hooks of .*register\.js do not run/,
      )
    })
  })

test('a loader that is always at work is refused by its name', async () => {
  const { stderr, code } = await runToEnd(through('register-restless.js', fixture('echo-async.js')), DEADLINE_MS)
  assert.match(stderr, /ForkRefused: .*loader hooks of .*register-restless\.js, which is let be while it sleeps/)
  assert.match(stderr, /compile ahead and start Node without it/)
  assert.equal(code, 1)
})

test('fork() beside a loader: thirty children do their work, and the loader is asked in between', async () => {
  const launch: Launch = { file: fileURLToPath(new URL('../fixtures/loader-forks.js', import.meta.url)), args: ['30'] }
  const { stdout, stderr, code } = await runToEnd(through('register.js', launch), DEADLINE_MS)
  assert.equal(stdout, '{"forks":30,"ended":30,"hung":0}\n', stderr)
  assert.equal(code, 0)
})

const major = Number(process.versions.node.split('.')[0])
const typed: Launch = {
  file: fileURLToPath(new URL('../../../test/fixtures/typed.ts', import.meta.url)),
  args: ['{}'],
  nodeFlags: ['--import', 'tsx'],
  env: { TSX_DISABLE_CACHE: '1' },
}

test('tsx: thirty clients of a program in TypeScript, and a late import of more', async () => {
  await withServer(typed, async (server) => {
    await assertEachAnswered(server)
    const late = (await converse(server.address, 'late')).toString()
    if (major > 20)
      assert.equal(late, 'LATE') // there tsx compiles on the main thread, with a Worker that it starts when needed
    else assert.match(late, /Unknown file extension ".ts".* the loader hooks of tsx do not run/)
  })
})

test('--cpu-prof: the server serves, and the launcher writes its profile', async () => {
  await withFolder(async (folder) => {
    // on a busy machine no fork fits between two of a thousand samples a second: docs/running.md says what to do then
    const nodeFlags = ['--cpu-prof', '--cpu-prof-interval=20000', `--cpu-prof-dir=${folder}`]
    await withServer({ ...fixture('echo-async.js'), nodeFlags }, async (server) => {
      const names = Array.from({ length: CLIENTS }, (_, client) => `client-${client}`)
      const got = await Promise.all(names.map(async (name) => (await converse(server.address, name)).toString()))
      assert.deepEqual(got, names)
    })
    assert.equal(readdirSync(folder).length, 1)
  })
})
