/** When a server is ready. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { health, readiness } from '../../src/page/health.js'
import { processShot, serverOf, snapshotOf } from './shots.js'

const supervisor = (state: string): ReturnType<typeof processShot> => processShot(2, 'supervisor', { state })

test('this process answers', () => assert.equal(health().status, 200))

test('ready, with where it listens', () =>
  assert.deepEqual(readiness(snapshotOf([serverOf([supervisor('sleeping')])])), {
    status: 200,
    text: 'ready: 127.0.0.1:9190\n',
  }))

const troubles: [what: string, snapshot: ReturnType<typeof snapshotOf>, words: RegExp][] = [
  ['no server', snapshotOf([]), /no server of Tined is running/],
  ['a supervisor that is stopped', snapshotOf([serverOf([supervisor('stopped')])]), /supervisor 2 is in state stopped/],
  ['a supervisor that is a zombie', snapshotOf([serverOf([supervisor('zombie')])]), /supervisor 2 is in state zombie/],
  ['a supervisor that is gone', snapshotOf([serverOf([])]), /supervisor 2 is gone/],
  ['a process that is no server', snapshotOf([serverOf([], { supervisor: undefined })]), /process 1 is no server/],
  ['a process that is gone', snapshotOf([], { problem: 'there is no process 5' }), /there is no process 5/],
]
for (const [what, snapshot, words] of troubles)
  test(`not ready: ${what}`, () => {
    const { status, text } = readiness(snapshot)
    assert.equal(status, 503)
    assert.match(text, words)
  })
