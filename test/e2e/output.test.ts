/** What a process has printed is out of it when the call returns: all of it, in order, whoever reads and however it ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { childrenOf } from '../harness/proc.js'
import { fixture, Program, runToEnd } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { withSlowPipe } from '../harness/slow-pipe.js'
import { until } from '../harness/until.js'

const LINES = 3000
const styles = ['function', 'node', 'none']

function assertAllLines(lines: readonly string[]): void {
  const numbers = lines.map((line) => Number(/^(?:\{.*"msg":")?line (\d+) \.{60}(?:"\})?$/.exec(line)?.[1] ?? -1))
  assert.deepEqual(
    numbers,
    Array.from({ length: LINES }, (_, index) => index),
  )
}

/** A handler prints into a pipe that is read only once it is full. */
async function prints(...args: string[]): Promise<void> {
  await withSlowPipe((pipe) =>
    withServer({ ...fixture('printing.js', {}, ...args), stdout: pipe.writeEnd }, async (server) => {
      const client = await server.connect()
      client.send('print').end()
      await pipe.full()
      pipe.read()
      assertAllLines(await pipe.take(LINES))
      assert.equal(pipe.nonBlocking, false, 'whoever shares the pipe has it as before')
      client.close()
      await server.connections(0)
    }),
  )
}

for (const style of styles) {
  for (const what of ['lines', 'last words', 'corked'])
    test(`${what} of a handler in style ${style} arrive through a slow pipe`, () => prints(style, what))
  for (const what of ['asynchronous', 'asynchronous, killed', 'synchronous'])
    test(`what pino has logged in style ${style} arrives through a slow pipe: ${what}`, () => prints(style, what))
  test(`what pino holds back in style ${style} arrives when it is flushed at the end`, () =>
    prints(style, 'buffered', 'hook'))
}

test('long lines of many processes do not mix', async () => {
  await withSlowPipe((pipe) =>
    withServer({ ...fixture('printing.js', {}, 'function', 'long lines'), stdout: pipe.writeEnd }, async (server) => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => server.connect()))
      for (const client of clients) client.send('print').end()
      await pipe.full()
      pipe.read()
      const lines = await pipe.take(200, 25_000)
      const next = new Map<string, number>()
      for (const line of lines) {
        const [, id = '', index] = /^(\d+) (\d+) ([a-z])\3{99999}$/.exec(line) ?? []
        assert.equal(Number(index), next.get(id) ?? 0, line.slice(0, 80))
        next.set(id, Number(index) + 1)
      }
      assert.equal(next.size, 20)
      for (const client of clients) client.close()
      await server.connections(0)
    }),
  )
})

for (const [model, style, found] of [
  ['fork', 'function', /^tined: connection \S+: Error: x{4000}$/],
  ['fork', 'none', /^tined: connection \S+: Error: x{4000}$/],
  ['multiplex', 'function', /^\{"level":40,.*"msg":"the handler failed: Error: x{4000}\\n {4}at .*"\}$/],
] as const)
  test(`the stacks of failed handlers arrive through a slow pipe: model ${model}, style ${style}`, async () => {
    await withSlowPipe((pipe) =>
      withServer({ ...fixture('printing.js', { model }, style, 'failure'), stderr: pipe.writeEnd }, async (server) => {
        const clients = await Promise.all(Array.from({ length: 50 }, () => server.connect()))
        for (const client of clients) client.send('fail').end()
        await pipe.full()
        pipe.read()
        const stacks = (): number => pipe.lines.filter((line) => found.test(line)).length
        await until('50 stacks', () => stacks() === 50, 20_000).catch(() => assert.equal(stacks(), 50))
        assert.equal(pipe.nonBlocking, false)
        for (const client of clients) client.close()
      }),
    )
  })

test('a reader that never reads delays a process for a limited time, and it is said how much is missing', async () => {
  await withSlowPipe((pipe) =>
    withServer({ ...fixture('printing.js', {}, 'function', 'lines'), stdout: pipe.writeEnd }, async (server) => {
      const client = await server.connect()
      client.send('print').end()
      await server.connections(1)
      await until('its end', () => server.observe().length === 0, 9000)
      // nobody waits a second time
      const second = await server.connect()
      second.send('print').end()
      await second.rest(2000)
      await server.connections(0)
      await server.stop()
      const said = [
        ...server.stderr.matchAll(/^tined: nobody read standard output for \S+ s: (\d+) lines are missing$/gm),
      ]
      const missing = said.reduce((sum, [, lines]) => sum + Number(lines), 0)
      pipe.read()
      const whole = 2 * LINES - missing
      await until('what was written', () => pipe.lines.length >= whole - 1)
      assert.ok(
        missing > LINES && pipe.lines.filter((line) => /^line \d+ \.{60}$/.test(line)).length === whole,
        `${missing} missing`,
      )
      client.close()
      second.close()
    }),
  )
})

test('what is missing is said once there is somebody who reads again', async () => {
  await withSlowPipe((pipe) =>
    withServer({ ...fixture('printing.js', {}, 'function', 'failure'), stderr: pipe.writeEnd }, async (server) => {
      const clients = await Promise.all(Array.from({ length: 40 }, () => server.connect()))
      for (const client of clients) client.send('fail').end()
      await pipe.full()
      await until('nobody waits any more', () => server.observe().length === 0, 9000)
      pipe.read()
      const count = /^tined: nobody read standard error for \S+ s: (\d+) lines are missing$/m
      await until('the count', async () => {
        const another = await server.connect()
        clients.push(another)
        await another.send('fail').end().gone()
        return count.test(pipe.text)
      })
      for (const client of clients) client.close()
      await server.connections(0)
    }),
  )
})

for (const [scenario, who] of [
  ['program', ['program']],
  ['children', ['one', 'two', 'three', 'four', 'parent']],
  ['forked', ['child']],
] as const)
  test(`${scenario}: what a program and its children print arrives through a slow pipe`, async () => {
    await withSlowPipe(async (pipe) => {
      const ended = runToEnd({ ...fixture('printing-program.js', {}, scenario), stdout: pipe.writeEnd }, 20_000)
      await pipe.full()
      pipe.read()
      const { code, stderr } = await ended
      assert.deepEqual([stderr, code], ['', 0])
      const lines = await pipe.take(5000)
      const numbersOf = (one: string): number[] =>
        lines.filter((line) => line.startsWith(`${one} `)).map((line) => Number(line.split(' ')[1]))
      for (const one of who)
        assert.deepEqual(
          numbersOf(one),
          Array.from({ length: 5000 / who.length }, (_, index) => index),
        )
      assert.equal(pipe.nonBlocking, false)
    })
  })

for (const [when, scenario] of [
  ['', 'pending'],
  [', which waits for room already', 'awaited'],
] as const)
  test(`what waits in a stream at the fork is written by the parent${when}, once, and the child waits for nobody`, async () => {
    await withSlowPipe(async (pipe) => {
      const program = new Program({ ...fixture('printing-program.js', {}, scenario), stdout: pipe.writeEnd })
      try {
        await pipe.full()
        await until('a child', () => childrenOf(program.pid).length > 0)
        pipe.read()
        const { code } = await program.finished(20_000)
        assert.deepEqual([program.stderr, code], ['', 0])
      } finally {
        if (program.ended === undefined) process.kill(program.pid, 'SIGKILL')
      }
      // the parent's lines are Node's to write, in pieces: the child's may come between
      await until('all bytes', () => pipe.text.length >= 360_280)
      assert.equal(pipe.text.length, 360_280)
      assert.equal(pipe.text.match(/child \d+ \.{60}\n/g)?.length, 2500)
    })
  })
