/** What is done for speed only: seen in the supervisor's mappings, and nothing else changes without it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SPEED_TRICKS } from '../../src/speed/switches.js'
import { converse } from '../harness/client.js'
import { fixture, runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const echo = (without: string) => ({
  ...tined('echo', '--listen', '127.0.0.1:0', '--log', 'json'),
  env: { TINED_WITHOUT: without },
})

for (const without of ['', ...SPEED_TRICKS, SPEED_TRICKS.join(',')])
  test(`echo answers without ${without === '' ? 'leaving anything out' : without}`, async () => {
    await withServer(echo(without), async (server) => {
      for (let round = 0; round < 3; round++)
        assert.equal((await converse(server.address, `round ${round}`)).toString(), `round ${round}`)
      const maps = readFileSync(`/proc/${server.supervisor}/maps`, 'utf8')
      assert.equal(maps.includes('memfd:tined-frozen'), !without.includes('freeze'))
    })
  })

/** Code of no file, all of it in huge pages: of each mapping its bytes. proc_pid_smaps(5) */
function hugeCode(pid: number): number[] {
  const found: number[] = []
  for (const mapping of readFileSync(`/proc/${pid}/smaps`, 'latin1').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const [, start, end] = /^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ 00:00 0 *\n/.exec(mapping) ?? []
    const bytes = Number.parseInt(end ?? '0', 16) - Number.parseInt(start ?? '0', 16)
    if (bytes > 0 && 1024 * Number(/^AnonHugePages: +(\d+)/m.exec(mapping)?.[1]) === bytes) found.push(bytes)
  }
  return found
}

const WHOLE_TEXT_BYTES = 16 * 1024 * 1024
const ONE_PAGE_BYTES = 2 * 1024 * 1024
/** The first freeze comes after 64. */
const FROZEN_AGAIN = 70

test('the text of Node and its built-in functions are in huge pages, and are left there when memory is frozen', async (t) => {
  await withServer(echo(''), async (server) => {
    const before = hugeCode(server.supervisor)
    if (before.length === 0) return t.skip('by design: the kernel had no huge page to give')
    assert.ok(Math.max(...before) >= WHOLE_TEXT_BYTES, String(before))
    // where they lie is a matter of luck before Node 24
    if (Number(process.versions.node.split('.')[0]) >= 24) assert.ok(before.includes(ONE_PAGE_BYTES), String(before))
    for (let round = 0; round < FROZEN_AGAIN; round++) await converse(server.address, 'hello')
    assert.deepEqual(hugeCode(server.supervisor), before)
  })
})

/** Mappings at addresses that V8 chose at random: 46 bits, and not near the program or its libraries. */
async function scattered(without: string): Promise<number> {
  let starts: string[] = []
  await withServer(echo(without), async (server) => {
    starts = readFileSync(`/proc/${server.supervisor}/maps`, 'latin1').match(/^[0-9a-f]+/gm) ?? []
  })
  return starts.map((start) => Number.parseInt(start, 16)).filter((start) => start > 2 ** 33 && start < 2 ** 46).length
}

test('the heap of a supervisor lies in one place, but for what cannot be moved', async () => {
  const apart = await scattered('compact-heap')
  const together = await scattered('')
  assert.ok(together <= apart / 2, `${together} pieces of it lie apart, and ${apart} without compact-heap`)
})

/** In a supervisor alone. What a connection process gives up goes with it. */
const OF_SUPERVISOR = [
  'run',
  'turn',
  'act',
  'takeSignals',
  'reapAll',
  'strikeOff',
  'freezeAgain',
  'lookForPlenty',
  'fireDue',
]
/** Its timers fire after a second, and it looks for room each 64 connections. */
const LONG_ENOUGH = { ms: 2000, connections: 100 }

for (const [style, launch] of [
  ['callbacks', echo('')],
  ['an async handler', fixture('echo-async.js', { logLevel: 'warn' })],
] as const)
  test(`what runs in a supervisor for every connection stays optimised (${style})`, async () => {
    await withServer({ ...launch, nodeFlags: ['--trace-deopt'] }, async (server) => {
      const before = server.stdout.length
      const started = performance.now()
      for (let round = 0; round < LONG_ENOUGH.connections || performance.now() - started < LONG_ENOUGH.ms; round++)
        assert.equal((await converse(server.address, 'hello')).toString(), 'hello')
      const given = [...server.stdout.slice(before).matchAll(/deoptimizing 0x\w+ <JSFunction (\S+)/g)].map(
        ([, name]) => name,
      )
      assert.deepEqual(
        given.filter((name) => OF_SUPERVISOR.includes(name as string)),
        [],
      )
    })
  })

test('a measure that does not exist is refused by name', async () => {
  const { code, stderr } = await runToEnd(echo('frieze'))
  assert.match(
    stderr,
    new RegExp(`^tined: fatal: TINED_WITHOUT: expected some of ${SPEED_TRICKS.join(',')}, got "frieze"$`, 'm'),
  )
  assert.notEqual(code, 0)
})
