import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProgram } from 'tined/testing'
import { converse } from '../harness/client.js'
import { childrenOf, descriptorsOf } from '../harness/proc.js'

const program = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url)

test('a program is started, tells where it listens, and stops', async () => {
  const started = await startProgram(program('plain-serving.js'))
  assert.equal((await converse(started.address, 'hello')).toString(), 'hello')
  const [supervisor] = childrenOf(started.pid)
  assert.ok(!descriptorsOf(supervisor as number).some(({ fd }) => fd === 3), 'the descriptor is the launcher’s alone')
  assert.deepEqual(await started.stop(), { code: 0, signal: null })
  assert.match(started.output, /^serving; TINED_ANNOUNCE_FD is undefined$/m)
  assert.throws(() => process.kill(supervisor as number, 0), { code: 'ESRCH' })
})

test('a program that ends before it serves, or does not serve in time, is told with what it printed', async () => {
  await assert.rejects(
    startProgram(program('plain-serving.js'), { args: ['fail'] }),
    /status 7 before it served; it printed:\nno luck/,
  )
  await assert.rejects(
    startProgram(program('plain-serving.js'), { args: ['wait'], startTimeoutMs: 1000 }),
    /did not serve within 1000 ms; it printed:\nwaiting/,
  )
})
