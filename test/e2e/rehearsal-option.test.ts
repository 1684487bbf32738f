/** Option `rehearsal`: the handler itself is tried before the first client comes, and otherwise never. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServeOptions } from '../../src/index.js'
import { converse } from '../harness/client.js'
import { fixture, runToEnd } from '../harness/program.js'
import { withServer } from '../harness/server.js'

/** What a first client is told. */
async function firstAnswer(options: ServeOptions, style: string): Promise<string> {
  let answer = ''
  await withServer(fixture('rehearsed.js', options, style), async (server) => {
    answer = String(await converse(server.address, 'hello'))
    assert.deepEqual(await server.stop(), { code: 0, signal: null })
  })
  return answer
}

const asked = { rehearsal: 'sample' }

for (const options of [{ model: 'fork' }, { model: 'prefork', maxRequests: 1 }] as const)
  for (const style of ['callbacks', 'function']) {
    test(`a handler is tried with what a client might send (${options.model}, ${style})`, async () => {
      const [calls, text] = (await firstAnswer({ ...options, ...asked }, style)).split(' ')
      assert.equal(text, 'hello')
      assert.ok(Number(calls) > 10, `called ${calls} times in the supervisor`)
    })

    test(`a handler is not called before the first client, unless asked for (${options.model}, ${style})`, async () => {
      assert.equal(await firstAnswer(options, style), '1 hello')
    })
  }

// V8 ends a process that asks it to compile one of these
for (const options of [{}, asked, { model: 'prefork', maxRequests: 1 }] as const)
  for (const style of ['bound callbacks', 'bound function', 'a Proxy'])
    test(`a handler need not be a function that V8 can be told to compile (${style}, ${JSON.stringify(options)})`, async () => {
      assert.match(await firstAnswer(options, style), /^\d+ hello$/)
    })

for (const [style, how] of [
  ['callbacks', 'throws'],
  ['function', 'throws'],
  ['function', 'waits'],
] as const)
  test(`serve() throws when the handler cannot be rehearsed (${style}, ${how})`, async () => {
    const { stdout, code } = await runToEnd(fixture('rehearsed.js', asked, style, how))
    assert.equal(stdout, 'StartError: rehearsal: the handler has failed, or waits for more than its client\n')
    assert.equal(code, 0)
  })

test('models that do not fork for a connection leave the handler alone', async () => {
  for (const model of ['multiplex', 'single'] as const)
    assert.equal(await firstAnswer({ model, ...asked }, 'function'), '1 hello')
})
