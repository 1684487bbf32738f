/** A program that was told to stop ends: once its server has, and with the documented status. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { statOf } from '../harness/proc.js'
import { fixture, type Launch, runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const models = ['fork', 'prefork', 'multiplex', 'single'] as const
const program = (model: (typeof models)[number], how: string): Launch => fixture('stopped-program.js', { model }, how)

for (const model of models)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
    test(`${signal} ends a program with an interval and a server of its own (model ${model})`, async () => {
      await withServer(program(model, 'nothing'), async (server) => {
        assert.equal((await converse(server.address, 'one')).toString(), 'one')
        await server.printed('up\n')
        assert.deepEqual(await server.stop(signal), { code: 0, signal: null })
        assert.equal(server.stdout, 'up\nexit 0\n', 'listeners of exit run')
      })
    })

for (const model of models)
  test(`connections finish before the program ends (model ${model})`, async () => {
    await withServer(program(model, 'nothing'), async (server) => {
      const client = await server.connect()
      assert.equal(await client.exchange('one'), 'one')
      server.signal('SIGTERM')
      await until('no new connections', async () => !(await accepts(server.address)))
      assert.equal(await client.exchange('two'), 'two')
      assert.equal(server.ended, undefined)
      client.end()
      assert.deepEqual(await server.finished(), { code: 0, signal: null })
    })
  })

async function accepts(address: string): Promise<boolean> {
  return converse(address, 'x').then(
    () => true,
    () => false,
  )
}

test('a program that awaits the end of its server has time to clean up', async () => {
  await withServer(program('fork', 'awaits'), async (server) => {
    await server.printed('up\n')
    assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
    assert.equal(server.stdout, 'up\ncleaned up\nexit 0\n')
  })
})

/** Bit 1, counted from 0, is SIGINT's. proc_pid_status(5) */
const catchesInterrupt = (pid: number): boolean => {
  const caught = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (BigInt(`0x${caught}`) & 2n) !== 0n
}

test('a program that listens for the signal itself decides for itself', async () => {
  await withServer(program('fork', 'listens'), async (server) => {
    await server.printed('up\n')
    server.signal('SIGTERM')
    await until('the end of the supervisor', () => statOf(server.supervisor) === undefined)
    await server.printed('told\n')
    assert.equal(server.ended, undefined)
    // the launcher hears of it a moment later, and gives back what it has caught then
    await until('its signals are given back', () => !catchesInterrupt(server.pid))
    assert.deepEqual(
      await server.stop('SIGINT'),
      { code: null, signal: 'SIGINT' },
      'the server is gone: as in any Node',
    )
  })
})

for (const how of ['nothing', 'awaits'])
  test(`a signal that comes again and again, as npm passes on what a terminal has sent, changes nothing (${how})`, async () => {
    await withServer(program('fork', how), async (server) => {
      await server.printed('up\n')
      while (server.ended === undefined) {
        if (statOf(server.pid) !== undefined) server.signal('SIGTERM')
        await new Promise(setImmediate)
      }
      assert.deepEqual(await server.finished(), { code: 0, signal: null })
      assert.equal(server.stdout, how === 'awaits' ? 'up\ncleaned up\nexit 0\n' : 'up\nexit 0\n')
    })
  })

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} ends a program that was started to ignore it`, async () => {
    const under = ['sh', '-c', 'trap "" HUP INT QUIT TERM; exec "$@"', 'sh']
    await withServer({ ...program('fork', 'nothing'), under }, async (server) => {
      await server.printed('up\n')
      assert.deepEqual(await server.stop(signal), { code: 0, signal: null })
    })
  })

test('a program with two servers ends with the second', async () => {
  await withServer(program('fork', 'twice'), async (server) => {
    await server.printed('up\n')
    assert.deepEqual(await server.stop('SIGTERM'), { code: 0, signal: null })
    assert.equal(server.stdout, 'up\nexit 0\n')
  })
})

test('the third Ctrl-C ends a server that cannot even answer', async () => {
  await withServer(program('fork', 'nothing'), async (server) => {
    process.kill(server.supervisor, 'SIGSTOP')
    for (let pressed = 0; pressed < 3; pressed++) {
      server.signal('SIGINT')
      await until('the signal to be taken', () => pendingSignals(server.pid) === 0n)
    }
    assert.deepEqual(await server.finished(3000), { code: 0, signal: null })
  })
})

const pendingSignals = (pid: number): bigint =>
  BigInt(`0x${/^ShdPnd:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'}`)

test('SIGTERM ends a server that cannot even answer, after a while', async () => {
  await withServer(program('fork', 'nothing'), async (server) => {
    process.kill(server.supervisor, 'SIGSTOP')
    server.signal('SIGTERM')
    assert.deepEqual(await server.finished(15_000), { code: 0, signal: null })
  })
})

for (const model of models)
  for (const signal of ['SIGTERM', 'SIGINT'])
    for (const when of ['at once', 'later', 'at the fork'])
      test(`${signal} ${when} during the start ends the program with 0 (model ${model})`, async () => {
        const { file } = fixture('told-early.js')
        const { stdout, stderr, code } = await runToEnd({ file, args: [signal, model, when] })
        assert.match(stdout, /^(serves\n)?exit 0\n$/)
        assert.doesNotMatch(stderr, /fatal|Error/)
        assert.equal(code, 0)
      })

test('serve() rejects when the start was stopped by a signal that the program listens for itself', async () => {
  const { file } = fixture('told-early.js')
  const { stdout, code } = await runToEnd({ file, args: ['SIGTERM', 'fork', 'at once', 'listens'] })
  assert.match(stdout, /^StartError 0 .*stopped by SIGTERM before it was ready\nexit 0\n$/)
  assert.equal(code, 0)
})

/** Sends SIGTERM when the program starts to listen for it for the n-th time. */
const whenListening = (times: number): string =>
  `data:text/javascript,let left=${times};process.on('newListener',(name)=>{if(name==='SIGTERM'&&--left===0)setImmediate(()=>process.kill(process.pid,name))})`

for (const [times, when] of [
  [1, 'while it is loaded'],
  [2, 'while its server starts'],
] as const)
  test(`SIGTERM to the tined command ${when} ends it with 0, and in silence`, async () => {
    const launch = { ...tined('echo', '--listen', '127.0.0.1:0'), nodeFlags: ['--import', whenListening(times)] }
    const { stdout, stderr, code } = await runToEnd(launch)
    assert.deepEqual([stdout, code], ['', 0])
    assert.doesNotMatch(stderr, /fatal/)
  })
