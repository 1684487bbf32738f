/** posix.main: a program as in C, at the top of a plain `node program.js`. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withFolder } from '../harness/folder.js'
import { fixture, type Launch, Program, runToEnd } from '../harness/program.js'

const scenario = (name: string, ...args: string[]): Launch => fixture('program-scenarios.js', {}, name, ...args)

/** Some scenarios make the machine busy themselves. */
const PATIENCE_MS = 30_000

/** Demands an exit status and exact output. */
async function runs(name: string, code: number, stdout = '', launch = scenario(name)): Promise<void> {
  const ended = await runToEnd(launch, PATIENCE_MS)
  assert.deepEqual([ended.stderr, ended.stdout, ended.code], ['', stdout, code])
}

test('main() ends the process with the status returned, and passes the arguments', () =>
  runs('status', 24, '', scenario('status', '24')))

test('main() ends with status 0 when nothing is returned, or with process.exitCode', async () => {
  await runs('nothing', 0)
  await runs('exit code', 3)
})

test('process.exit() ends a program', () => runs('process.exit', 5))

test('an exception that nobody catches is printed, and is status 1', async () => {
  const { code, stderr } = await runToEnd(scenario('throws'))
  assert.match(stderr, /^Uncaught PosixError: EBADF: bad file descriptor, close fd 9999\n/)
  assert.equal(code, 1)
})

test('an exception in a child ends the child only', async () => {
  const { code, stderr } = await runToEnd(scenario('child throws'))
  assert.match(stderr, /^Uncaught Error: child\n/)
  assert.equal(code, 21)
})

test('an async function is no program', async () => {
  const { code, stderr } = await runToEnd(scenario('promise'))
  assert.match(stderr, /^Uncaught TypeError: main: expected to return a status or nothing, got Promise/)
  assert.equal(code, 1)
})

test('a signal from outside is caught in a blocking call', async () => {
  const program = new Program(scenario('caught'))
  await program.printed('ready\n')
  process.kill(program.pid, 'SIGINT')
  assert.deepEqual(await program.finished(), { code: 0, signal: null })
  assert.equal(program.stdout, 'ready\ncaught SIGINT\n')
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGPIPE', 'SIGUSR1'] as const)
  test(`${signal} that is not caught ends a program, as it ends one in C`, async () => {
    const program = new Program(scenario('default'))
    await program.printed('ready\n')
    process.kill(program.pid, signal)
    assert.deepEqual(await program.finished(), { code: null, signal })
  })

test('what a handler throws comes out of the call, and the mask is as before', () =>
  runs('handler throws', 0, 'from the handler []\n'))

test('no signal is lost to another thread, with libuv’s pool running before', () => runs('many signals', 0, 'true\n'))

test('on a busy machine other threads take no signal after a change of user or group', () =>
  runs('changed user', 0, 'false 200\n'))

test('no signal is lost to another thread while the user or group changes', () =>
  runs('many signals while the user changes', 0, 'true\n'))

test('an asynchronous call in a program starts no thread that takes signals', () =>
  runs('pool begun late', 0, 'true\n'))

test('outside of main() handlers are refused, fork(function) works, and Node goes on', async () => {
  const { stdout, stderr, code } = await runToEnd(scenario('outside'))
  const [handler, child, status, refusal, last] = stdout.split('\n')
  assert.deepEqual([handler, child, status], ['ERR_SIGNAL_HANDLER_REFUSED', 'child caught', '6'])
  assert.match(refusal ?? '', /microtask.*setImmediate.*posix\.main/)
  assert.equal(last, 'Node goes on true')
  assert.deepEqual([stderr, code], ['', 0])
})

test('where V8 runs without threads only children catch signals', async () => {
  const flags = { ...scenario('without threads'), nodeFlags: ['--single-threaded', '--v8-pool-size=1'] }
  await runs('without threads', 31, 'ERR_SIGNAL_HANDLER_REFUSED\n', flags)
})

const noScript = spawnSync('script', ['--version']).status === 0 ? false : 'script(1) is not installed'

test('after dup2(file, 1) on a terminal what is printed goes to the file', { skip: noScript }, async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'output')
    const under = ['sh', '-c', 'exec script -qfec "exec $*" /dev/null', 'sh']
    // blanks in the name of the scenario are the shell's to split
    const { stdout, code } = await runToEnd({ ...scenario("'prints elsewhere'", path), under }, PATIENCE_MS)
    assert.deepEqual([stdout, code], ['terminal true\r\n', 0])
    assert.equal(readFileSync(path, 'utf8'), 'file false\nfile too\n')
  })
})
