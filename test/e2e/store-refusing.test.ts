/** A store that can never write again: whoever waits and whoever comes is told so, it is logged once, and it ends when it is mended. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { test } from 'node:test'
import type { Client } from '../harness/client.js'
import { statOf } from '../harness/proc.js'
import type { TestServer } from '../harness/server.js'
import { messagesOf, withStore, writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

const ALL = ['single', 'fork', 'prefork', 'multiplex'] as const

/** Sends one line, and returns the one that comes back. */
async function ask(client: Client, text: string): Promise<string> {
  client.send(`${text}\n`)
  let answer = ''
  while (!answer.endsWith('\n')) answer += await client.takeText(1)
  return answer.slice(0, -1)
}

const REFUSED = /^error: not stored: /

/** A client of its own for each: in model single one at a time. */
async function askAnew(server: TestServer, text: string): Promise<string> {
  const client = await server.connect()
  const answer = await ask(client, text)
  client.close()
  return answer
}

async function assertMended(server: TestServer, file: string, kept: string[]): Promise<void> {
  await until(
    'it stores again',
    async () => {
      const answer = await askAnew(server, 'again')
      if (answer === 'again') return true
      assert.match(answer, REFUSED)
      return false
    },
    8000,
  )
  assert.deepEqual(messagesOf(file).map(String), [...kept, 'again'], 'what came back, and nothing else')
  const told = server.log.filter(({ msg }) => msg.startsWith('not stored'))
  assert.equal(told.length, 1, server.stderr)
  await server.logged('the end of it', ({ msg }) => msg === 'storing again')
  assert.deepEqual(await server.stop(), { code: 0, signal: null })
}

for (const model of ['fork', 'prefork', 'multiplex'] as const)
  test(`a foreign line in the file when another writer starts (${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      const client = await server.connect()
      assert.equal(await ask(client, 'one'), 'one')
      const { size } = statSync(file)
      appendFileSync(file, Buffer.concat([Buffer.from('foreign\n'), readFileSync(file)]))
      const writer = (await until('a writer', () => writerOf(server))) as number
      // killed right after its answer it would not have noted that its batch is done, and what is behind that would be cut
      await until('the writer rests', () => statOf(writer)?.state === 'S')
      process.kill(writer, 'SIGKILL')
      await until('another', () => ![undefined, writer].includes(writerOf(server)))
      assert.match(await ask(client, 'two'), REFUSED, 'who was there')
      assert.match(await askAnew(server, 'three'), REFUSED, 'who comes')
      assert.match(await ask(client, 'four'), REFUSED)
      truncateSync(file, size)
      client.close()
      await assertMended(server, file, ['one'])
    })
  })

const hasStrace = spawnSync('strace', ['-e', 'trace=getpid', 'true']).status === 0
const noStrace = hasStrace ? false : 'strace(1) is not installed, or may not trace'

/** From now on these calls of a process fail. Returns what gives them back. */
async function failing(pid: number, calls: string, code: string): Promise<() => Promise<void>> {
  const strace: ChildProcess = spawn(
    'strace',
    ['-qq', '-f', '-p', `${pid}`, '-e', `trace=${calls}`, '-e', `inject=${calls}:error=${code}`],
    {
      stdio: 'ignore',
    },
  )
  const traced = (): boolean => /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  await until('strace has begun', traced)
  return async () => {
    strace.kill('SIGINT')
    await until('strace has ended', () => !existsSync(`/proc/${pid}`) || !traced())
  }
}

const storingProcess = (server: TestServer): number => writerOf(server) ?? server.pid

for (const model of ALL) {
  test(`a sync that fails for ever (${model})`, { skip: noStrace }, async () => {
    await withStore({ model }, async ({ server, file }) => {
      assert.equal(await askAnew(server, 'one'), 'one')
      const giveBack = await failing(storingProcess(server), 'fdatasync', 'EIO')
      for (let round = 0; round < 4; round++) assert.match(await askAnew(server, `lost ${round}`), REFUSED)
      await giveBack()
      await assertMended(server, file, ['one'])
    })
  })

  if (model === 'single' || model === 'fork')
    test(`nobody waits for a sync where the os is enough (${model})`, { skip: noStrace }, async () => {
      await withStore({ model, args: ['--durability', 'os'] }, async ({ server, file }) => {
        assert.equal(await askAnew(server, 'one'), 'one')
        const giveBack = await failing(storingProcess(server), 'fdatasync', 'EIO')
        assert.equal(await askAnew(server, 'two'), 'two')
        await giveBack()
        assert.deepEqual(messagesOf(file).map(String), ['one', 'two'])
      })
    })

  test(`a disk that takes nothing any more, and cuts nothing (${model})`, { skip: noStrace }, async () => {
    await withStore(
      { model, format: 'text', under: ['bash', '-c', 'ulimit -f 8; exec "$@"', 'bash'] },
      async ({ server, file }) => {
        assert.equal(await askAnew(server, 'one'), 'one')
        const giveBack = await failing(storingProcess(server), 'ftruncate,fdatasync', 'EROFS')
        // a part of it gets into the file
        for (let round = 0; round < 3; round++) assert.match(await askAnew(server, 'x'.repeat(9000)), REFUSED)
        assert.match(await askAnew(server, 'short'), REFUSED)
        await giveBack()
        await assertMended(server, file, ['one'])
      },
    )
  })
}
