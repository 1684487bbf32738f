/** The log of a server: in the format that suits who takes it, with a line for each connection on request. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, fstatSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { fixture, runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const skip = spawnSync('script', ['--version']).status === 0 ? false : 'script(1) is not installed'
const echo = tined('echo', '--listen', '127.0.0.1:0', '--log-connections')

test('in a pipe: JSON', () =>
  withServer(echo, async (server) => {
    await converse(server.address, 'hello')
    const { time } = await server.logged('its end', ({ msg }) => msg.startsWith('connection ended'))
    assert.ok(Math.abs(Number(time) - Date.now()) < 60_000)
  }))

test('on a terminal: local date and time, for people', { skip }, () =>
  withServer({ ...echo, under: ['sh', '-c', 'exec script -qfec "exec $*" /dev/null', 'sh'] }, async (server) => {
    await converse(server.address, 'hello')
    const line = await until('its end', () => /^.*connection ended.*$/m.exec(server.stdout)?.[0])
    const [, shown] = /\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\]/.exec(line) ?? assert.fail(line)
    // what has no zone is local
    assert.ok(Math.abs(Date.parse(shown as string) - Date.now()) < 60_000, shown)
    server.child.stdin?.write('\x03')
    await server.finished()
  }),
)

test('to the journal: a priority on each line', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tined-journal-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'journal')
  const stderr = openSync(path, 'a')
  const { dev, ino } = fstatSync(stderr)
  await withServer({ ...echo, stderr, env: { JOURNAL_STREAM: `${dev}:${ino}` } }, async (server) => {
    closeSync(stderr)
    await converse(server.address, 'hello')
    await until('its end', () => readFileSync(path, 'utf8').includes('connection ended'))
  })
  const [, ...lines] = readFileSync(path, 'utf8')
    .trimEnd()
    .split(/\n(?! {2})/) // the first is the greeting
  for (const line of lines) assert.match(line, /^<[3-7]>/)
  assert.match(lines.join('\n'), /^<6>connection ended: finished \{.*"bytesRead":5,/m)
})

for (const [model, style] of [
  ['fork', 'an async function'],
  ['prefork', 'callbacks without a loop'],
  ['multiplex', 'an async function'],
  ['single', 'callbacks in Node’s loop'],
] as const)
  test(`logConnections, model ${model}: a line for each connection, with its bytes and its end`, () =>
    withServer(fixture('contract.js', { model, logConnections: true, logLevel: 'info' }, style), async (server) => {
      await converse(server.address, 'hello')
      const { peer, ms, bytesRead, bytesWritten, msg } = await server.logged('its end', ({ msg }) =>
        msg.startsWith('connection ended'),
      )
      assert.match(String(peer), /^127\.0\.0\.1:\d+$/)
      assert.ok(Number(ms) < 10_000)
      assert.deepEqual(
        { bytesRead, bytesWritten, msg },
        { bytesRead: 5, bytesWritten: 5, msg: 'connection ended: finished' },
      )
    }))

test('to a file, which may be moved away while several processes write it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tined-logged-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const logFile = join(folder, 'log')
  const options = { logFile, logConnections: true, logLevel: 'info', model: 'fork' } as const
  await withServer(fixture('contract.js', options, 'an async function'), async (server) => {
    const linesIn = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [])
    const recordsIn = (path: string) => linesIn(path).map((line) => JSON.parse(line) as { pid: number; msg: string })
    for (const path of [join(folder, 'log.1'), join(folder, 'log.2'), logFile]) {
      await converse(server.address, 'throw')
      // the end of the process by the supervisor, that of the connection by the launcher
      await until('two lines', () => recordsIn(logFile).length >= 2)
      assert.deepEqual(new Set(recordsIn(logFile).map(({ pid }) => pid)), new Set([server.pid, server.supervisor]))
      if (path !== logFile) renameSync(logFile, path)
    }
    assert.deepEqual(
      ['log.1', 'log.2', 'log'].map((name) => linesIn(join(folder, name)).length),
      [2, 2, 2],
    )
    assert.doesNotMatch(server.stderr, /"level"/)
  })
})

test('a log file that cannot be opened is named at the start', async () => {
  const { code, stderr } = await runToEnd(tined('echo', '--listen', '127.0.0.1:0', '--log-file', '/nowhere/log'))
  assert.deepEqual([code, stderr], [111, 'tined: fatal: ENOENT: no such file or directory, open /nowhere/log\n'])
})
