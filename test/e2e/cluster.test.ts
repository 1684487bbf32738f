/** A program that node:cluster starts more than once, as PM2 does in cluster mode: all serve one port, and keep their channel. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { isAlive, withEnvironment } from '../harness/proc.js'
import { Program } from '../harness/program.js'
import { until } from '../harness/until.js'

async function withCopies(model: string, address: string, run: (program: Program) => Promise<void>): Promise<void> {
  const mark = randomUUID()
  const file = new URL('../fixtures/clustered.js', import.meta.url).pathname
  const program = new Program({ file, args: [model, address], env: { TINED_TEST_TREE: mark } })
  const left = (): number[] => withEnvironment(`TINED_TEST_TREE=${mark}`).filter(isAlive)
  try {
    await program.printed('address ')
    await run(program)
    process.kill(program.pid, 'SIGTERM')
    await program.printed('ended ')
    assert.deepEqual(await program.finished(), { code: 0, signal: null }, program.stderr)
    assert.match(program.stdout, /^counted \[20,20\]$/m)
    // one that serves nothing ends as Node does
    const one = '(?:0,null|null,"SIGTERM")'
    assert.match(program.stdout, new RegExp(`^ended \\[\\[${one}\\],\\[${one}\\]\\]$`, 'm'))
    const [killed, failed] = ['SIGTERM', 'failed'].map((word) => program.stdout.split(word).length - 1)
    assert.equal(killed, failed)
    await until('the end of all processes', () => left().length === 0)
  } finally {
    for (const pid of left()) process.kill(pid, 'SIGKILL')
  }
}

const CLIENTS = 40

for (const model of ['fork', 'multiplex'])
  test(`model ${model}: both copies serve the port, and messages reach their launchers alone`, () =>
    withCopies(model, '127.0.0.1:0', async (program) => {
      const address = /^address (.*)$/m.exec(program.stdout)?.[1] as string
      const answers = new Set<string>()
      // the kernel chooses by the client's port: that one copy gets all of them is as likely as the same side of a coin 40 times
      for (let client = 0; client < CLIENTS; client++) answers.add(String(await converse(address, `${model}`)))
      assert.deepEqual([...answers].sort(), [`1 ${model}`, `2 ${model}`])
    }))

test('a unix socket can be had by one copy: the other is told so', async () => {
  await withFolder(async (folder) => {
    await withCopies('fork', `unix:${folder}/socket`, async (program) => {
      assert.match(program.stdout, /^failed PosixError: EADDRINUSE.*one can have a unix socket: start one$/m)
      assert.equal(String(await converse(`unix:${folder}/socket`, 'hello')).slice(2), 'hello')
    })
  })
})
