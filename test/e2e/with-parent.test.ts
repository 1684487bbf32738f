/** A program with an IPC channel to its parent, as under PM2: the launcher alone hears it. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { converse } from '../harness/client.js'
import { childrenOf } from '../harness/proc.js'

const MESSAGES = 30

test('messages of a parent reach the launcher, each once, while clients are served', async () => {
  const program = fork(fileURLToPath(new URL('../fixtures/with-parent.js', import.meta.url)), {
    stdio: 'pipe',
    execArgv: [],
  })
  let said = ''
  program.stdout?.on('data', (piece) => {
    said += piece
  })
  const [{ address }] = (await once(program, 'message')) as [{ address: string }]
  const [supervisor] = childrenOf(program.pid as number)
  const answers: unknown[] = []
  program.on('message', (answer) => answers.push(answer))
  const clients = Array.from({ length: 10 }, () => converse(address, ''))
  for (let message = 0; message < MESSAGES; message++) {
    program.send(message)
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const client of clients) assert.equal((await client).toString(), 'false 0 undefined')
  program.send('stop')
  await once(program, 'exit')
  assert.deepEqual(
    answers,
    Array.from({ length: MESSAGES }, (_, message) => `${program.pid} ${message}`),
  )
  assert.equal(said, `heard ${MESSAGES + 1}\n`)
  assert.throws(() => process.kill(supervisor as number, 0), { code: 'ESRCH' })
})
