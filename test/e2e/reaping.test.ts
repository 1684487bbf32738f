/** Every child is reaped, however it ends, and the log says how. */
import assert from 'node:assert/strict'
import { constants } from 'node:os'
import { test } from 'node:test'
import { isAlive, statOf } from '../harness/proc.js'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { pidFrom } from '../harness/spawning.js'
import { until } from '../harness/until.js'

/** Signals that by default are ignored or stop a process, and those that Node ignores or that servers do, because nobody means them. */
const kept = ['SIGPIPE', 'SIGXFSZ', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const
const mild = ['SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGWINCH'] as const
const harmless = new Set([...mild, ...kept].map((name) => constants.signals[name]))
const deadly = Array.from({ length: 31 }, (_, index) => index + 1).filter((signal) => !harmless.has(signal))
const realTime = 40

const namesOf = (signal: number): string[] =>
  Object.entries(constants.signals).flatMap(([name, number]) => (number === signal ? [name] : []))

for (const name of ['echo-callbacks.js', 'echo-async.js'])
  test(`a connection process of ${name} that any signal kills is reaped, and the log names the signal`, async () => {
    await withServer(fixture(name), async (server) => {
      for (const signal of [...deadly, realTime]) {
        const client = await server.connect()
        await client.exchange('hello')
        const [pid] = await server.connections(1)
        process.kill(pid as number, signal)
        const words = (await server.endOf(client)).replace(', core dumped', '')
        const [, killer = ''] = /^connection process killed by (.*)$/.exec(words) ?? []
        assert.ok(signal === realTime ? killer === 'signal 40' : namesOf(signal).includes(killer), words)
        await until('the process has gone', () => statOf(pid as number) === undefined)
        client.close()
      }
      const { forked, running, reaped } = await server.stats()
      assert.deepEqual(
        { forked, running, reaped },
        { forked: deadly.length + 1, running: 0, reaped: deadly.length + 1 },
      )
    })
  })

test('a stopped connection process goes on when it is continued, and others are served meanwhile', async () => {
  await withServer(fixture('echo-async.js'), async (server) => {
    const stopped = await server.connect()
    await stopped.exchange('before')
    const [pid] = await server.connections(1)
    process.kill(pid as number, 'SIGSTOP')
    await until('it has stopped', () => statOf(pid as number)?.state === 'T')
    stopped.send('while stopped')
    const other = await server.connect()
    assert.equal(await other.exchange('other'), 'other')
    assert.equal((await server.stats()).running, 2)
    assert.equal(stopped.bytesReceived, 0)
    process.kill(pid as number, 'SIGCONT')
    assert.equal(await stopped.takeText('while stopped'.length), 'while stopped')
    stopped.end()
    assert.equal(await server.endOf(stopped), 'connection process exited with status 0: finished')
    other.close()
    stopped.close()
  })
})

test('a connection process that is stopped does not survive the server', async () => {
  await withServer(fixture('echo-callbacks.js'), async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    const [pid] = await server.connections(1)
    process.kill(pid as number, 'SIGSTOP')
    assert.deepEqual(await server.stop('SIGINT'), { code: 0, signal: null })
    client.close()
  })
})

test('an orphan of a connection process is adopted by the supervisor and reaped', async () => {
  await withServer(fixture('spawning.js'), async (server) => {
    const client = await server.connect()
    client.send('orphan').end()
    const orphan = Number((await client.rest()).toString())
    assert.ok(orphan > 1)
    await server.logged('the adoption', ({ child, msg }) => child === orphan && msg.startsWith('adopted orphan exited'))
    // the shell may have become an orphan, too
    assert.ok((await server.stats()).adopted >= 1)
    client.close()
  })
})

test('what a connection process leaves behind becomes the supervisor’s child, and is ended', async () => {
  await withServer(fixture('spawning.js'), async (server) => {
    const client = await server.connect()
    const stays = await pidFrom(client, 'child')
    const pids: number[] = []
    for (const kind of ['child', 'child-of-its-own-session', 'long-lived-orphan-of-its-own-session']) {
      const other = await server.connect()
      pids.push(await pidFrom(other, kind))
      other.close()
    }
    await until('the connection processes have ended', async () => (await server.stats()).running === 1)
    await until('what they have started has, too', () => pids.every((pid) => statOf(pid) === undefined))
    assert.equal(await client.exchange('still here'), 'still here')
    assert.ok(isAlive(stays), 'what a living connection has started goes on')
    client.close()
  })
})

for (const options of [{ model: 'fork' }, { model: 'multiplex', workers: 1 }] as const)
  test(`what a handler leaves in the background is its own as long as it lives, and no zombie: model ${options.model}`, async () => {
    await withServer(fixture('spawning.js', options), async (server) => {
      const client = await server.connect()
      const orphan = await pidFrom(client, 'long-lived-orphan')
      const owner = await until('it is adopted', () => {
        const parent = statOf(statOf(orphan)?.ppid ?? 0)
        return parent?.ppid === server.supervisor ? parent : undefined
      })
      assert.equal(owner.group, owner.pid, 'a group of its own')
      process.kill(orphan, 'SIGKILL')
      await until('it is reaped', () => statOf(orphan) === undefined)
      assert.equal(await client.exchange('still here'), 'still here')
      client.close()
    })
  })
