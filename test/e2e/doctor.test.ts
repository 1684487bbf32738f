/** `tined doctor` says in words where there is less room than the options ask for. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runToEnd, tined } from '../harness/program.js'

const doctor = async (args: readonly string[], under: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
  const { code, stdout, stderr } = await runToEnd({ ...tined('doctor', ...args), under, env })
  assert.equal(code, 0, stderr)
  return stdout
}

test('a few connections have room', async () => {
  const said = await doctor(['--max-connections', '10', '--backlog', '10'])
  assert.doesNotMatch(said, /WARN|FAIL/)
  assert.match(said, /^ok {3}10 connections at once, model fork$/m)
})

test('descriptors: as many as all connections of a worker need', async () => {
  const args = ['--model', 'multiplex', '--workers', '1', '--max-connections', '1000']
  const said = await doctor(args, ['prlimit', '--nofile=200'])
  assert.match(
    said,
    /^WARN 1000 connections at once, model multiplex\n +room for \d+: ulimit -n is 200, .*\n +raise ulimit -n, LimitNOFILE=/m,
  )
})

test('options are read from variables too, and refused by their names', async () => {
  assert.match(await doctor([], [], { TINED_MAX_CONNECTIONS: '7', TINED_BACKLOG: '7' }), /^ok {3}7 connections/m)
  const { code, stderr } = await runToEnd(tined('doctor', '--backlog', 'x'))
  assert.deepEqual([code, stderr], [100, 'tined: fatal: --backlog: expected a whole number from 0 to 65535, got "x"\n'])
})

test('the queue of the kernel, and memory', async () => {
  const said = await doctor(['--backlog', '65535', '--max-connections', '1000000'])
  assert.match(said, /^WARN memory for 1000000 idle connections\n +about 850060 MB with a small handler; \d+ MB /m)
  const most = Number(spawnSync('cat', ['/proc/sys/net/core/somaxconn'], { encoding: 'utf8' }).stdout)
  if (most < 65_535) assert.match(said, /^WARN 65535 clients .*\n +room for \d+: net\.core\.somaxconn\n/m)
})

/** A file that only this process sees in place of the kernel's. */
const instead = (file: string, path: string): string[] => [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `mount --bind ${file} ${path} && exec "$@"`,
  'sh',
]
const skip = spawnSync('unshare', ['--mount', 'true']).status === 0 ? false : 'mounts cannot be made here'

test('overcommit: mode 2 counts what each process could write to', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tined-doctor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const two = join(folder, 'overcommit')
  writeFileSync(two, '2\n')
  const said = await doctor(['--max-connections', '1000000'], instead(two, '/proc/sys/vm/overcommit_memory'))
  assert.match(said, /^WARN memory may be promised .*\n +vm\.overcommit_memory is 2: .* so some \d+ can be forked\n/m)
})
