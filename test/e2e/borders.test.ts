/** The borders of a server's tree: a group for each process, other users' processes, orphans, and nothing that stays behind. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync } from 'node:fs'
import { test } from 'node:test'
import { isAlive, statOf, zombiesOf } from '../harness/proc.js'
import { fixture, runToEnd } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { pidFrom } from '../harness/spawning.js'
import { until } from '../harness/until.js'
import { asNobody, noNobody, notRoot } from '../harness/users.js'

const clean = { code: 0, signal: null }

test('a handler whose script signals its own group ends its connection, and no other', async () => {
  await withServer(fixture('spawning.js'), async (server) => {
    const bystander = await server.connect()
    await pidFrom(bystander, 'child')
    const suicidal = await server.connect()
    await pidFrom(suicidal, 'kill its group')
    await suicidal.gone()
    assert.equal(await server.endOf(suicidal), 'connection process killed by SIGKILL')
    assert.equal(await bystander.exchange('still here'), 'still here')
    bystander.close()
  })
})

test('a handler of model multiplex that does so ends its worker, and another is started', async () => {
  await withServer(fixture('spawning.js', { model: 'multiplex', workers: 1 }), async (server) => {
    const suicidal = await server.connect()
    const worker = await pidFrom(suicidal, 'kill its group')
    await until('the worker has ended', () => statOf(worker) === undefined)
    const client = await server.connect()
    await pidFrom(client, 'child')
    assert.equal(await client.exchange('still here'), 'still here')
    client.close()
    suicidal.close()
    // its pipe is another one
    assert.deepEqual(await server.stop(), clean)
  })
})

test('what the program itself leaves in the background is reaped, and not ended, and child_process gets its statuses', async () => {
  await withServer(fixture('spawning.js'), async (server) => {
    const stays = await server.ask<number>('leave-sleeper')
    const leaving = server.ask('leave-orphans')
    for (let round = 0; round < 5; round++) assert.equal(await server.ask('exit-code'), 42)
    await leaving
    await until('no zombies', () => zombiesOf(server.pid).length === 0)
    assert.equal(statOf(stays)?.ppid, server.pid)
    const left = await pidFrom(await server.connect(), 'long-lived-orphan-of-its-own-session')
    process.kill(server.supervisor, 'SIGKILL')
    await until('the end of the server', () => server.stdout.includes('exited'))
    assert.equal(isAlive(left), false, 'what a connection has started is ended')
    assert.equal(isAlive(stays), true, 'what the program has started is not')
    process.kill(stays, 'SIGKILL')
    await server.finished()
  })
})

/** A copy of setpriv(1) that runs as root, whoever starts it. */
function rootsSetpriv(server: TestServer): string {
  const path = `${server.folder}/setpriv`
  copyFileSync('/usr/bin/setpriv', path)
  chmodSync(path, 0o4755)
  return path
}

for (const how of ['stop', 'launcher killed', 'supervisor killed'] as const)
  test(`a process that the server may not end is named in the log, and the server ends all the same: ${how}`, {
    skip: noNobody,
  }, async () => {
    await withServer({ ...fixture('spawning.js'), under: asNobody }, async (server) => {
      const pid = await pidFrom(await server.connect(), `root's program ${rootsSetpriv(server)}`)
      try {
        await until('it is root’s', () => statOf(pid)?.name === 'sleep')
        const other = await pidFrom(await server.connect(), 'long-lived-orphan-of-its-own-session')
        if (how === 'stop') assert.deepEqual(await server.stop(), clean)
        else {
          server.observe()
          process.kill(how === 'launcher killed' ? server.pid : server.supervisor, 'SIGKILL')
          await until('the end of the launcher', () => server.ended)
          await until('the end of the supervisor', () => !isAlive(server.supervisor))
        }
        const words = new RegExp(`"cannot be ended, and stays: process ${pid} \\(sleep, user 0, state S\\)"`)
        await until('it is named', () => words.test(server.stderr))
        await until('what may be ended is', () => !isAlive(other))
        assert.ok(isAlive(pid))
      } finally {
        process.kill(pid, 'SIGKILL')
      }
    })
  })

for (const victims of [['launcher', 'supervisor'], ['supervisor', 'launcher'], ['launcher'], ['supervisor']] as const)
  test(`a handler that has become another user ends when killed: ${victims.join(', then ')}`, {
    skip: notRoot,
  }, async () => {
    await withServer(fixture('spawning.js'), async (server) => {
      const client = await server.connect()
      const pid = await pidFrom(client, 'another user')
      server.observe()
      for (const victim of victims) process.kill(victim === 'launcher' ? server.pid : server.supervisor, 'SIGKILL')
      await until('the end of the launcher', () => server.ended)
      await until('the end of the handler', () => !isAlive(pid))
      await server.assertGone()
      client.close()
    })
  })

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} ends a server whose program has become another user`, { skip: notRoot }, async () => {
    await withServer(fixture('spawning.js'), async (server) => {
      await server.ask('become-nobody')
      assert.deepEqual(await server.stop(signal), clean)
    })
  })

test('nothing is left when the launcher is killed while the supervisor is stopped', async () => {
  await withServer(fixture('spawning.js'), async (server) => {
    const pid = await pidFrom(await server.connect(), 'long-lived-orphan-of-its-own-session')
    server.observe()
    process.kill(server.supervisor, 'SIGSTOP')
    await until('it has stopped', () => statOf(server.supervisor)?.state === 'T')
    process.kill(server.pid, 'SIGKILL')
    await until('the end of the program', () => !isAlive(pid))
    await server.assertGone()
  })
})

const asInit = ['unshare', '--pid', '--fork', '--mount-proc']
const noNamespace =
  spawnSync('unshare', [...asInit.slice(1), 'true']).status === 0
    ? false
    : 'by design: only root may make a namespace of processes, and not in every container'

test('as process 1 of a container the program reaps what its programs leave, and gets every status', {
  skip: noNamespace,
}, async () => {
  const { stdout, stderr } = await runToEnd({ ...fixture('as-init.js'), under: asInit }, 20_000)
  const codes = Array.from({ length: 10 }, (_, code) => code)
  assert.deepEqual(JSON.parse(stdout || 'null'), { pid: 1, codes, left: 0, exit: 0 }, stderr)
})
