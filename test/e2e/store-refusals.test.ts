/** A store that cannot start says why in one clear line, and changes nothing. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withFolder } from '../harness/folder.js'
import { runToEnd, tined } from '../harness/program.js'
import { MODELS, recordsOf, withStore } from '../harness/store.js'

/** Runs a store that must refuse; returns what it said. */
async function refusal(
  code: number,
  args: readonly string[],
  under: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<string> {
  const ended = await runToEnd({ ...tined('store', '--listen', '127.0.0.1:0', ...args), under, env })
  assert.equal(ended.stdout, '')
  assert.match(ended.stderr, /^tined: fatal: [^\n]+\n$/)
  assert.equal(ended.code, code, ended.stderr)
  return ended.stderr.slice('tined: fatal: '.length, -1)
}

/**
 * Root may write every file by one right of its own; without that it is held to permissions, and may still enter what is
 * root's or was left open to it: another user could not enter a checkout in /root. capabilities(7), setpriv(1)
 */
const withoutOverride = ['setpriv', '--inh-caps=-dac_override', '--bounding-set=-dac_override']
const OVERRIDES = 'this user may write every file, and setpriv(1) cannot take that right away'

function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Whether a program under `under` can be started from this checkout and sees the file, but may not write it. */
function cannotWrite(file: string, under: readonly string[]): boolean {
  const [command = '', ...args] = under
  const look = ['sh', '-c', 'test -r "$1" && test -r "$2" && ! test -w "$2"', 'sh', tined().file, file]
  return spawnSync(command, [...args, ...look]).status === 0
}

const misuses: [what: string, args: string[], expected: RegExp][] = [
  [
    'no --to',
    [],
    /^--to: expected FILE, text:FILE, sqlite:FILE, nats:\/\/HOST:PORT\/STREAM or tls:\/\/HOST:PORT\/STREAM, got nothing$/,
  ],
  [
    'an empty --to',
    ['--to', ''],
    /^--to: expected FILE, text:FILE, sqlite:FILE, nats:\/\/HOST:PORT\/STREAM or tls:\/\/HOST:PORT\/STREAM, got ""$/,
  ],
  [
    'a sink that does not exist yet',
    ['--to', 'kafka:x'],
    /^--to: expected FILE, text:FILE, sqlite:FILE, nats:\/\/HOST:PORT\/STREAM or tls:\/\/HOST:PORT\/STREAM, got "kafka:x"$/,
  ],
  [
    'text without a file',
    ['--to', 'text:'],
    /^--to: expected FILE, text:FILE, sqlite:FILE, nats:\/\/HOST:PORT\/STREAM or tls:\/\/HOST:PORT\/STREAM, got "text:"$/,
  ],
  ['--syslog with bare lines', ['--to', 'text:x', '--syslog'], /^--syslog: text:FILE has no room for fields$/],
  ['no such framing', ['--to', 'x', '--framing', 'lines'], /^--framing: expected line, length, .*, got "lines"$/],
  ['--max-message: not a size', ['--to', 'x', '--max-message', 'big'], /^--max-message: expected bytes like/],
  [
    '--max-message: zero',
    ['--to', 'x', '--max-message', '0'],
    /^--max-message: expected bytes .* from 1 to 16m, got 0$/,
  ],
  [
    '--max-message: more than 16m',
    ['--to', 'x', '--max-message', '17m'],
    /^--max-message: expected .* to 16m, got "17m"$/,
  ],
]

for (const [what, args, expected] of misuses)
  test(`misuse: ${what}`, async () => {
    assert.match(await refusal(100, args), expected)
  })

test('misuse of the variables of the store names them', async () => {
  const wrong: [env: Record<string, string>, said: string][] = [
    [
      { TINED_TO: 'text:' },
      'TINED_TO: expected FILE, text:FILE, sqlite:FILE, nats://HOST:PORT/STREAM or tls://HOST:PORT/STREAM, got "text:"',
    ],
    [
      { TINED_TO: 'x', TINED_MAX_MESSAGE: 'big' },
      'TINED_MAX_MESSAGE: expected bytes like 4096, 64k or 1m, from 1 to 16m, got "big"',
    ],
    [{ TINED_TOO: 'x' }, 'TINED_TOO: no such variable; did you mean TINED_TO?'],
  ]
  for (const [env, said] of wrong) assert.equal(await refusal(100, [], [], env), said)
})

for (const model of MODELS) {
  test(`a second server on the same file is refused, and the first goes on (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file }) => {
      const client = await server.connect()
      assert.equal(await client.exchange('one\n'), 'one\n')
      for (const second of MODELS)
        assert.equal(
          await refusal(111, ['--model', second, '--to', file]),
          `${file}: another server stores to this file`,
        )
      assert.equal(await client.exchange('two\n'), 'two\n')
      assert.equal(recordsOf(file).length, 2)
      client.close()
    })
  })

  test(`a file in a folder that does not exist (model ${model})`, async () => {
    const said = await refusal(111, ['--model', model, '--to', '/nonexistent/messages.ndjson'])
    assert.match(said, /^ENOENT: no such file or directory, open \/nonexistent\/messages\.ndjson$/)
  })

  test(`a file that cannot be written (model ${model})`, async (context) => {
    await withFolder(async (folder) => {
      const file = join(folder, 'messages.ndjson')
      writeFileSync(file, '')
      chmodSync(file, 0o444)
      const under = mayWrite(file) ? withoutOverride : []
      if (under.length > 0 && !cannotWrite(file, under)) return context.skip(OVERRIDES)
      assert.equal(
        await refusal(111, ['--model', model, '--to', file], under),
        `EACCES: permission denied, open ${file}`,
      )
    })
  })

  test(`a folder, and a device (model ${model})`, async () => {
    await withFolder(async (folder) => {
      mkdirSync(join(folder, 'sub'))
      const said = await refusal(111, ['--model', model, '--to', join(folder, 'sub')])
      assert.match(said, /^EISDIR: illegal operation on a directory, open /)
      assert.equal(await refusal(111, ['--model', model, '--to', '/dev/null']), '/dev/null: not a regular file')
    })
  })

  test(`a file that is not a store stays as it is (model ${model})`, async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'notes.txt')
      for (const content of ['my notes\n', 'my notes\nmore\n', 'my notes', '{"name":"package"}\n']) {
        writeFileSync(file, content)
        assert.equal(
          await refusal(111, ['--model', model, '--to', file]),
          `${file}: not a store of messages: it has no whole record at its end`,
        )
        assert.equal(readFileSync(file, 'utf8'), content)
      }
      assert.deepEqual(readdirSync(folder), ['notes.txt'])
    })
  })

  test(`a damaged record with whole ones behind it (model ${model})`, async () => {
    await withStore({ model }, async ({ server, file, folder }) => {
      const client = await server.connect()
      for (const text of ['one\n', 'two\n', 'three\n']) await client.exchange(text)
      client.close()
      await server.stop()
      const damaged = readFileSync(file, 'utf8').replace('"two"', '"tow"')
      writeFileSync(file, damaged)
      const at = damaged.indexOf('\n') + 1
      const said = await refusal(111, ['--model', model, '--to', file])
      assert.match(
        said,
        new RegExp(`: the record at byte ${at} is damaged, and whole ones follow: this is no torn tail`),
      )
      assert.equal(readFileSync(file, 'utf8'), damaged)
      assert.deepEqual(readdirSync(folder), ['messages.ndjson'])
    })
  })
}
