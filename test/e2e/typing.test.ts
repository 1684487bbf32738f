/** What somebody who does not know the command types, and what it says. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runToEnd, tined } from '../harness/program.js'

const { version } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../package.json', import.meta.url)), 'utf8'),
) as { version: string }

for (const word of ['version', '-v', '-V', '--version'])
  test(`tined ${word} prints the version`, async () => {
    const { stdout, stderr, code } = await runToEnd(tined(word))
    assert.deepEqual({ stdout, stderr, code }, { stdout: `${version}\n`, stderr: '', code: 0 })
  })

test('--version and --help are known behind each command', async () => {
  const commands = [
    [],
    ['echo'],
    ['store'],
    ['messages'],
    ['connect'],
    ['course'],
    ['ps'],
    ['page'],
    ['doctor'],
    ['version'],
    ['help'],
  ]
  const below = ['verify', 'export', 'import'].map((name) => ['store', name])
  for (const command of [...commands, ...below]) {
    for (const flag of ['--version', '-v']) {
      const { stdout, stderr, code } = await runToEnd(tined(...command, flag))
      assert.deepEqual({ stdout, stderr, code }, { stdout: `${version}\n`, stderr: '', code: 0 }, command.join(' '))
    }
    const { stdout, code } = await runToEnd(tined(...command, '--help'))
    assert.equal(code, 0)
    assert.ok(stdout.startsWith(`Usage: ${['tined', ...command].join(' ')} `), command.join(' '))
  }
})

test('tined help COMMAND is the help of that command', async () => {
  const { stdout, code } = await runToEnd(tined('help', 'store'))
  assert.equal(code, 0)
  assert.equal(stdout, (await runToEnd(tined('store', '--help'))).stdout)
  assert.match((await runToEnd(tined('help'))).stdout, /^Usage: tined \[options\] \[command\]\n/)
})

const refused: Record<string, string> = {
  'help nosuch':
    'help: no such command "nosuch"; expected one of echo, store, messages, connect, course, ps, page, doctor, version, help',
  'help ekco': 'help: no such command "ekco"; did you mean echo?',
  ekco: "unknown command 'ekco'; did you mean echo?",
  nosuch: "unknown command 'nosuch'; tined help lists them",
  'echo --modle fork': "unknown option '--modle'; did you mean --model?",
  'course zombi': 'course: no such program "zombi"; did you mean zombie?',
  'course zombie x': 'zombie: SECONDS: expected a whole number from 0 to 1000000, got "x"',
  'course echo_mpserv 70000': 'echo_mpserv: PORT: expected a whole number from 0 to 65535, got 70000',
  'course echo_storeserv 9190 file -1x': "unknown option '-1x'",
  'course pipe1 3': 'pipe1: expected no arguments, got 3',
  'store --to -':
    '--to: expected FILE, text:FILE, sqlite:FILE, nats://HOST:PORT/STREAM or tls://HOST:PORT/STREAM, got "-": messages are stored in files only; one of that name is ./-',
  'messages -':
    'SINK: expected FILE, text:FILE, sqlite:FILE, nats://HOST:PORT/STREAM or tls://HOST:PORT/STREAM, got "-": messages are stored in files only; one of that name is ./-',
  store: '--to: expected FILE, text:FILE, sqlite:FILE, nats://HOST:PORT/STREAM or tls://HOST:PORT/STREAM, got nothing',
}

for (const [typed, said] of Object.entries(refused))
  test(`tined ${typed} is misuse, in one line`, async () => {
    const { stdout, stderr, code } = await runToEnd(tined(...typed.split(' ')))
    assert.deepEqual({ stdout, stderr, code }, { stdout: '', stderr: `tined: fatal: ${said}\n`, code: 100 })
  })
