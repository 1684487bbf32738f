/** A server that does not end as it was told: each step has a bound, and nothing spins meanwhile. */
import assert from 'node:assert/strict'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { cpuMs, descriptorsOf, isAlive, statOf } from '../harness/proc.js'
import { fixture, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const clean = { code: 0, signal: null }
const multiplex = ['--listen', '127.0.0.1:0', '--model', 'multiplex', '--workers', '2', '--log', 'json']

test('a worker that was killed is not started again while the server drains, which ends at once', async () => {
  await withServer(tined('echo', ...multiplex), async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    const sockets = (pid: number): number =>
      descriptorsOf(pid).filter(({ target }) => target.startsWith('socket:')).length
    const [idle = 0] = server.observe().sort((one, other) => sockets(one) - sockets(other))
    process.kill(idle, 'SIGKILL')
    // the restart is due 20 ms later
    while (!server.stderr.includes('"restarting"')) await turn()
    process.kill(server.supervisor, 'SIGTERM')
    const since = performance.now()
    await until('a restart would have been due', () => performance.now() - since > 300)
    assert.equal(await client.exchange('still here'), 'still here')
    assert.equal(server.observe().length, 1)
    client.end()
    await client.rest()
    assert.deepEqual(await server.finished(20_000), clean)
    assert.ok(performance.now() - since < 5000, 'the drain time-out is ten seconds')
    assert.doesNotMatch(server.stderr, /ENOTSOCK|EBADF|drain time-out/)
    client.close()
  })
})

test('a supervisor that was stopped goes on when it is told to drain, and lets its connections finish', async () => {
  await withServer(fixture('echo-async.js'), async (server) => {
    const client = await server.connect()
    await client.exchange('hello')
    process.kill(server.supervisor, 'SIGSTOP')
    await until('it has stopped', () => statOf(server.supervisor)?.state === 'T')
    server.signal('SIGTERM')
    await server.logged('draining', ({ msg }) => msg.startsWith('draining'))
    assert.equal(await client.exchange('still here'), 'still here')
    client.end()
    await client.rest()
    assert.deepEqual(await server.finished(), clean)
    client.close()
  })
})

for (const how of ['SIGTERM', 'drain', 'stop'] as const)
  test(`a supervisor that does not answer any more after ${how} is killed, and nothing is left`, async () => {
    await withServer(fixture('stubborn.js'), async (server) => {
      const client = await server.connect()
      client.socket.on('error', () => {})
      await client.take(5)
      server.observe()
      const stopAgain = setInterval(() => isAlive(server.supervisor) && process.kill(server.supervisor, 'SIGSTOP'), 1)
      try {
        process.kill(server.supervisor, 'SIGSTOP')
        if (how === 'SIGTERM') server.signal(how)
        else server.child.stdin?.write(`${how}\n`)
        assert.deepEqual(await server.finished(20_000), clean)
        await server.assertGone()
      } finally {
        clearInterval(stopAgain)
      }
      client.close()
    })
  })

const FREEZER = '/sys/fs/cgroup/freezer'

/** A cgroup whose processes no signal reaches, as none reaches those that wait for a disk that hangs. Version 1 only. */
function tryFreezer(): string | undefined {
  const folder = `${FREEZER}/tined-test-${process.pid}`
  try {
    mkdirSync(folder)
    writeFileSync(`${folder}/freezer.state`, 'THAWED')
    return folder
  } catch {
    return undefined
  }
}

const freezer = tryFreezer()
process.on('exit', () => freezer !== undefined && rmdirSync(freezer))
// whoever ends this file early shall not leave a process that nothing can end
if (freezer !== undefined)
  process.once('SIGTERM', () => {
    thaw()
    process.kill(process.pid, 'SIGKILL')
  })
const noFreezer = freezer === undefined && 'by design: needs root, and a freezer of cgroup version 1'

const freeze = (pid: number): void => {
  writeFileSync(`${freezer}/cgroup.procs`, String(pid))
  writeFileSync(`${freezer}/freezer.state`, 'FROZEN')
}
const thaw = (): void => writeFileSync(`${freezer}/freezer.state`, 'THAWED')

for (const frozen of ['connection', 'supervisor'] as const)
  test(`a ${frozen} that not even SIGKILL ends, as on a disk that hangs, is named, and nothing spins`, {
    skip: noFreezer,
  }, async () => {
    await withServer(fixture('echo-callbacks.js'), async (server) => {
      const client = await server.connect()
      client.socket.on('error', () => {})
      await client.exchange('hello')
      const [connection = 0] = server.observe()
      const victim = frozen === 'connection' ? connection : server.supervisor
      try {
        freeze(victim)
        await until('it is frozen', () => statOf(victim)?.state === 'D')
        server.signal('SIGINT')
        let cpu = 0
        await until(
          'it is named',
          () => {
            cpu = isAlive(server.supervisor) ? cpuMs(server.supervisor) : cpu
            return server.stderr.includes(`cannot be ended, and stays: process ${victim} `)
          },
          25_000,
        )
        assert.ok(cpu < 3000, `${cpu} ms of CPU`)
        // its output is not complete: the victim holds it open
        const { code } = await until('the end of the launcher', () => server.ended, 10_000)
        assert.equal(code, frozen === 'connection' ? 0 : 111)
      } finally {
        thaw()
      }
      await server.assertGone()
      client.close()
    })
  })
