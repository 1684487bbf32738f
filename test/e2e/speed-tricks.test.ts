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
