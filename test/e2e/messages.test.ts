/** `tined messages`: shows a store's file, while a server writes to it or not, and finds what is damaged. */
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { Program, runToEnd, tined } from '../harness/program.js'
import { stored, withStore } from '../harness/store.js'
import { until } from '../harness/until.js'

const messages = (...args: string[]) => runToEnd(tined('messages', ...args))

test('one line a message, aligned, with what cannot be seen escaped', async () => {
  await withFolder(async (folder) => {
    const file = await stored(
      folder,
      'hello\n',
      'tab\tbell\x07esc\x1b[31m\r\n',
      Buffer.from([0x61, 0xff, 0x0a]),
      '\u202eabc\n',
    )
    const { code, stdout, stderr } = await messages(file)
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    const lines = stdout.split('\n').slice(0, -1)
    const shape = /^ {6}\d {2}\d{4}-\d\d-\d\dT[\d:.]{12}Z {2}127\.0\.0\.1:\d+ +[0-9a-f]{8}-\d {4}/
    for (const line of lines) assert.match(line, shape)
    assert.deepEqual(
      lines.map((line) => line.replace(shape, '')),
      ['hello', 'tab\\tbell\\x07esc\\x1b[31m\\r', 'a\\xff', '\\u{202e}abc'],
    )
  })
})

test('--json gives the records as they are', async () => {
  await withFolder(async (folder) => {
    const file = await stored(folder, 'one\ntwo\n')
    assert.equal((await messages(file, '--json')).stdout, readFileSync(file, 'utf8'))
  })
})

test('--peer and --since choose', async () => {
  await withFolder(async (folder) => {
    const file = await stored(folder, 'one\n', 'two\n')
    const [first, second] = readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { peer: string; time: string })
    const shown = async (...args: string[]) => (await messages(file, ...args)).stdout.split('\n').length - 1
    assert.equal(await shown('--peer', first?.peer as string), 1)
    assert.equal(await shown('--peer', '127.0.0.1'), 2)
    assert.equal(await shown('--peer', '10.0.0.1'), 0)
    assert.equal(await shown('--since', second?.time as string), 1)
    assert.equal(await shown('--since', '1h'), 2)
    assert.equal(await shown('--since', '2999-01-01'), 0)
    const { code, stderr } = await messages(file, '--since', 'yesterday')
    assert.equal(code, 100)
    assert.match(stderr, /^tined: fatal: --since: expected a time like .*, got "yesterday"\n$/)
  })
})

test('a damaged record is named, the others are shown, and the status tells', async () => {
  await withFolder(async (folder) => {
    const file = await stored(folder, 'one\n', 'two\n', 'three\n')
    const content = readFileSync(file, 'utf8')
    writeFileSync(file, content.replace('"two"', '"tow"'))
    const { code, stdout, stderr } = await messages(file)
    assert.equal(code, 111)
    assert.match(stdout, /one\n.*three\n$/)
    const at = content.indexOf('\n') + 1
    assert.match(
      stderr,
      new RegExp(`^tined: .*: line 2, byte ${at}: damaged record, \\d+ bytes\ntined: .*: 1 damaged record\n$`),
    )
  })
})

test('an incomplete last line is left out: a server may be writing it', async () => {
  await withFolder(async (folder) => {
    const file = await stored(folder, 'one\n')
    appendFileSync(file, '{"seq":2,"ti')
    const { code, stdout, stderr } = await messages(file)
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    assert.match(stdout, /^ +1 .*one\n$/)
  })
})

test('text files are shown with line numbers', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'm.txt')
    writeFileSync(file, 'one\n\x1b[2J\nunfinished')
    assert.equal((await messages(`text:${file}`)).stdout, '      1  one\n      2  \\x1b[2J\n')
    assert.equal(
      (await messages(`text:${file}`, '--json')).stdout.split('\n')[0],
      '{"seq":1,"time":null,"connection":null,"n":null,"peer":null,"message":"one"}',
    )
    writeFileSync(file, Buffer.from([0xff, 0x0a]))
    assert.match((await messages(`text:${file}`, '--json')).stdout, /,"messageBase64":"\/w=="}$/m)
    assert.equal((await messages(`text:${file}`, '--peer', 'x')).code, 100)
  })
})

test('a file that is not there is one clear line', async () => {
  const { code, stdout, stderr } = await messages('/nonexistent/m.ndjson')
  assert.deepEqual({ code, stdout }, { code: 111, stdout: '' })
  assert.equal(stderr, "tined: fatal: ENOENT: no such file or directory, open '/nonexistent/m.ndjson'\n")
})

test('ends quietly when nobody reads on, as behind a pipe to head', async () => {
  await withFolder(async (folder) => {
    const file = await stored(folder, 'x\n'.repeat(20_000))
    const { stdout, stderr } = await runToEnd({
      ...tined('messages', file),
      under: ['bash', '-c', 'set -o pipefail; "$@" | head -1', 'bash'],
    })
    assert.equal(stdout.split('\n').length, 2)
    assert.equal(stderr, '')
  })
})

test('-n shows the last ones; --follow ends when its reader has gone, with nothing to print', async () => {
  await withFolder(async (folder) => {
    const file = await stored(folder, 'x\n'.repeat(3000), 'y\nz\n')
    assert.match((await messages(file, '-n', '2')).stdout, /^ +3001 .*y\n +3002 .*z\n$/)
    assert.equal((await messages(file, '-n', '0')).stdout, '')
    assert.match((await messages(file, '-n', '-1')).stderr, /^tined: fatal: -n: expected a whole number/)
    const { stdout, code, stderr } = await runToEnd({
      ...tined('messages', file, '-n', '2', '--follow'),
      under: ['bash', '-c', 'set -o pipefail; "$@" | head -1', 'bash'],
    })
    assert.deepEqual([stdout.split('\n').length, code, stderr], [2, 0, ''])
  })
})

test('--follow shows what comes, survives a cut, an emptied file and another one, and ends with SIGINT', async () => {
  await withStore({}, async ({ server, file }) => {
    await converse(server.address, 'first\n')
    const follower = new Program(tined('messages', file, '--follow'))
    try {
      await follower.printed('first\n')
      await converse(server.address, 'second\n')
      await follower.printed('second\n')
      truncateSync(file, 0)
      await until('the cut is seen', () => follower.stderr.includes('the file was cut'))
      await converse(server.address, 'third\n')
      await follower.printed('third\n')
      renameSync(file, `${file}.1`)
      await converse(server.address, 'fourth\n')
      await follower.printed('fourth\n')
      assert.match(follower.stderr, /the file was moved away; going on in the one that has its name now\n$/)
      assert.equal(follower.stdout.split('\n').length - 1, 4)
      process.kill(follower.pid, 'SIGINT')
      await follower.finished()
    } finally {
      if (follower.ended === undefined) process.kill(follower.pid, 'SIGKILL')
    }
  })
})

test('while a server writes, every line is whole', async () => {
  await withStore({}, async ({ server, file }) => {
    const talk = converse(server.address, `${'x'.repeat(5000)}\n`.repeat(2000))
    for (let round = 0; round < 3; round++) {
      const { code, stderr } = await messages(file)
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    }
    await talk
  })
})

test('a file that is no store is told once, whatever is in it', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'notes')
    const one = { stdout: '', code: 111 }
    const contents = {
      '{\n  "name": "x"\n}\n': 'none of its 3 lines is a record',
      'one\n': 'its only line is no record',
      'no newline': 'it does not begin as a record does',
      ['x\n'.repeat(5000)]: 'none of the first 1000 lines is a record',
    }
    for (const [content, reason] of Object.entries(contents)) {
      writeFileSync(file, content)
      const { stdout, stderr, code } = await messages(file)
      assert.deepEqual({ stdout, code }, one)
      assert.equal(stderr, `tined: fatal: ${file}: not a file of a store: ${reason}\n`)
    }
    writeFileSync(file, '')
    assert.deepEqual(await messages(file), { stdout: '', stderr: '', code: 0, signal: null })
  })
})

test('a store whose first lines are somebody else is still a store', async () => {
  await withFolder(async (folder) => {
    const file = await stored(folder, 'one\n')
    writeFileSync(file, `# notes\n\n${readFileSync(file, 'utf8')}`)
    const { stdout, stderr, code } = await messages(file)
    assert.match(stdout, /one\n$/)
    assert.match(
      stderr,
      /line 1, byte 0: damaged record, 7 bytes\n.*line 2, byte 8: damaged .*\n.*: 2 damaged records\n$/,
    )
    assert.equal(code, 111)
  })
})
