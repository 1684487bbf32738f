/** A plain `node app.js` that calls serve() works as well as the `tined` command. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { fixture, runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const programs = {
  'an ES module with top-level await': fixture('plain-top-level-await.js'),
  'a CommonJS program with a dynamic import': fixture('plain-commonjs.cjs'),
  'a CommonJS program with require': fixture('plain-require.cjs'),
  'a call inside an async function': fixture('plain-async-function.js'),
  'a call inside a timer': fixture('plain-timer.js'),
}

for (const [name, program] of Object.entries(programs))
  test(`serve() works in ${name}`, async () => {
    await withServer(program, async (server) => {
      assert.equal((await converse(server.address, 'one')).toString(), 'one')
      assert.equal((await converse(server.address, 'two')).toString(), 'two')
      await server.printed('serving\n')
      await server.stop()
      assert.equal(server.stdout, 'serving\nended\n', 'the code after serve() runs once, in the launcher')
    })
  })

test('the tined command serves', async () => {
  await withServer(tined('echo', '--listen', '127.0.0.1:0'), async (server) => {
    assert.equal((await converse(server.address, 'hello')).toString(), 'hello')
  })
})

test('the tined command works without V8 threads, the fallback way', async () => {
  const launch = { ...tined('echo', '--listen', '127.0.0.1:0'), env: { TINED_FORK_WAY: 'flags' } }
  await withServer(launch, async (server) => {
    assert.equal((await converse(server.address, 'hello')).toString(), 'hello')
  })
})

test('what a program scheduled before the server was up runs in the launcher only', async () => {
  await withServer(fixture('plain-immediates.js'), async (server) => {
    assert.equal((await converse(server.address, 'one')).toString(), 'one')
    assert.equal((await converse(server.address, 'two')).toString(), 'two')
    await server.printed('immediate\n')
    await server.stop()
    assert.equal(server.stdout.match(/immediate/g)?.length, 1, server.stdout)
    assert.equal(server.stdout.match(/resolved/g)?.length, 1, server.stdout)
  })
})

test('serve() beside a timer: it ticks in the launcher alone', async () => {
  const { stdout, code } = await runToEnd(fixture('plain-ticking.js'))
  assert.match(stdout, /^echo \d+\nticked in 1 process\n$/)
  assert.equal(code, 0)
})
