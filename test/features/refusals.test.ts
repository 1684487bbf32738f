/** `fork` says no, why, and what to do about it; and yes once the reason is gone. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ProgramOptions, runProgram } from './run-program.js'

const DEADLINE_MS = 20_000

interface Refused {
  code: string
  reason: string
  remedy: string
}
type Attempt = Refused | { exited: number }

async function attempts(program: string, args: string[], options?: ProgramOptions): Promise<Attempt[]> {
  const ended = await runProgram(program, args, DEADLINE_MS, options)
  assert.deepEqual([ended.code, ended.signal, ended.timedOut], [0, null, false], ended.stderr)
  assert.deepEqual(ended.leftover, [])
  return ended.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function assertRefused(attempt: Attempt | undefined, reason: RegExp, remedy: RegExp): void {
  assert.ok(attempt && 'code' in attempt, `not refused: ${JSON.stringify(attempt)}`)
  assert.equal(attempt.code, 'ERR_FORK_REFUSED')
  assert.match(attempt.reason, reason)
  assert.match(attempt.remedy, remedy)
}

const MICROTASK = [/microtask/, /setImmediate/] as const

const refusals: Record<string, readonly [reason: RegExp, remedy: RegExp]> = {
  'a live Worker': [/running \(.*\): a Worker/, /end Workers/],
  'an unreferenced Worker': [/running \(.*\): a Worker/, /end Workers/],
  'an unreferenced Worker in Atomics.wait': [/running \(.*\): a Worker/, /end Workers/],
  'a Worker that compiles': [/running \(.*\): a Worker/, /end Workers/],
  'an unreferenced Worker beside module hooks': [/2 other threads.*loader hooks of module.register/, /end Workers/],
  'a request in flight': [/request.* in flight/, /await/],
  'an open inspector': [/inspector is open at ws:/, /Close it/],
  'a promise callback': MICROTASK,
  'a microtask': MICROTASK,
  'an async function after await': MICROTASK,
  'the top level of an ES module': MICROTASK,
}

describe('fork refuses', { concurrency: 2 }, () => {
  for (const [obstacle, [reason, remedy]] of Object.entries(refusals)) {
    test(`because of ${obstacle}, and forks once it is gone`, async () => {
      const [first, second] = await attempts('programs/refusal.js', [obstacle])
      assertRefused(first, reason, remedy)
      assert.deepEqual(second, { exited: 33 })
    })
  }

  test('inside a Worker thread, and forks in the main thread after it', async () => {
    const [first, second] = await attempts('programs/fork-in-worker.js', [])
    assertRefused(first, /Worker thread/, /main thread/)
    assert.deepEqual(second, { exited: 33 })
  })

  test('nothing while the thread that module.register runs hooks on sleeps', async () => {
    assert.deepEqual(await attempts('programs/refusal.js', ['module hooks']), [{ exited: 33 }, { exited: 33 }])
  })

  test('nothing when nothing is in the way', async () => {
    assert.deepEqual(await attempts('programs/refusal.js', ['nothing']), [{ exited: 33 }, { exited: 33 }])
  })
})

describe('fork lets go of', { concurrency: 2 }, () => {
  for (const open of [
    'a listening server',
    'a connected socket',
    'a timer',
    'a child process',
    'a file watcher',
    'a MessageChannel',
  ])
    test(`${open}: the child ends by itself, the parent keeps it`, async () => {
      assert.deepEqual(await attempts('programs/letting-go.js', [open]), [{ exited: 33 }])
    })
})

describe('under --permission', () => {
  const major = Number(process.versions.node.split('.')[0])
  const permission = major < 22 ? '--experimental-permission' : '--permission'

  test('fork refuses when add-ons are allowed', async () => {
    const nodeFlags = [permission, '--allow-fs-read=*', '--allow-addons']
    for (const attempt of await attempts('programs/refusal.js', ['nothing'], { nodeFlags }))
      assertRefused(attempt, /--permission/, /without it/)
  })

  test('Tined cannot be loaded when add-ons are not allowed', async () => {
    const nodeFlags = [permission, '--allow-fs-read=*']
    const ended = await runProgram('programs/refusal.js', ['nothing'], DEADLINE_MS, { nodeFlags })
    assert.equal(ended.code, 1)
    assert.match(
      ended.stderr,
      /^Error: Tined cannot be loaded: Node runs with --permission, .* Start Node without it\.$/m,
    )
  })

  test('with --no-addons Tined says that it cannot be loaded', async () => {
    const ended = await runProgram('programs/refusal.js', ['nothing'], DEADLINE_MS, { nodeFlags: ['--no-addons'] })
    assert.equal(ended.code, 1)
    assert.match(
      ended.stderr,
      /^Error: Tined cannot be loaded: Node runs with --no-addons, .* Start Node without it\.$/m,
    )
  })
})
