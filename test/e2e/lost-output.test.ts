/** Commands whose output is closed or cannot be written: quiet, or one line; never a stack. */
import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

/** Runs with this as standard output. */
async function into(path: string, ...args: string[]): ReturnType<typeof runToEnd> {
  const stdout = openSync(path, 'w')
  try {
    return await runToEnd({ ...tined(...args), stdout }, 20_000)
  } finally {
    closeSync(stdout)
  }
}

/** A pipe that nobody reads: `command | true`. */
const closed = ['bash', '-c', 'set -o pipefail; "$@" | exec sleep 0', 'bash']

const printing = [
  '--help',
  'echo --help',
  'help store',
  'help',
  '--version',
  'version',
  'course',
  'course pipe1 --c',
  'doctor',
]

for (const typed of printing) {
  test(`tined ${typed}, to a full disk, is one line and status 111`, async () => {
    const { stderr, code } = await into('/dev/full', ...typed.split(' '))
    assert.equal(stderr, 'tined: fatal: ENOSPC: no space left on device, write\n')
    assert.equal(code, 111)
  })

  test(`tined ${typed}, to who does not read any more, is quiet`, async () => {
    const { stderr, code } = await runToEnd({ ...tined(...typed.split(' ')), under: closed }, 20_000)
    assert.equal(stderr, '')
    assert.equal(code, 0)
  })
}

test('a command that fails, with standard error closed or full, has the status that it has otherwise', async () => {
  const stderr = openSync('/dev/full', 'w')
  try {
    for (const [typed, status] of Object.entries({ nosuch: 100, 'echo --model x': 100, 'messages /': 111 }))
      assert.equal((await runToEnd({ ...tined(...typed.split(' ')), stderr })).code, status, typed)
  } finally {
    closeSync(stderr)
  }
})

test('a server whose standard error is full serves', async () => {
  const stderr = openSync('/dev/full', 'w')
  try {
    await withServer({ ...tined('echo', '--port', '0'), stderr }, async (server) => {
      assert.equal((await converse(server.address, 'hello\n')).toString(), 'hello\n')
    })
  } finally {
    closeSync(stderr)
  }
})
