/** By a clock of the test's own: how long a busy machine takes changes nothing. */
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { Reactor } from '../../../src/reactor/reactor.js'
import { NO_LIMITS } from '../../../src/server/connection/limits.js'

let nowMs = 1000
// whoever asks for the time takes the function when it is loaded
mock.method(process, 'hrtime', () => [0, nowMs * 1e6])
const { Timers } = await import('../../../src/reactor/timers.js')
const { Deadlines } = await import('../../../src/server/connection/deadlines.js')

/** Deadlines in milliseconds, and what has expired. */
function watched(firstByteTimeoutMs: number, idleTimeoutMs: number) {
  const timers = new Timers()
  const reactor: Reactor = {
    inNode: false,
    after: (delayMs, fire) => timers.add(delayMs, fire),
    afterTurn: (act) => act(),
    watch() {
      throw new Error('deadlines watch no descriptor')
    },
  }
  const expired: string[] = []
  const deadlines = new Deadlines({ ...NO_LIMITS, firstByteTimeoutMs, idleTimeoutMs }, reactor, (error) => {
    assert.equal(error.code, 'ETIMEDOUT')
    expired.push(error.message)
  })
  const wait = (ms: number): void => {
    for (const end = nowMs + ms; nowMs < end; ) {
      nowMs++
      timers.fireDue()
    }
  }
  return { deadlines, expired, wait }
}

test('without deadlines nothing expires', () => {
  const { deadlines, expired, wait } = watched(0, 0)
  deadlines.received()
  wait(20)
  assert.deepEqual(expired, [])
})

test('a first byte that does not come expires, whatever was sent to the client', () => {
  const { deadlines, expired, wait } = watched(30, 0)
  deadlines.moved()
  wait(50)
  assert.deepEqual(expired, ['no first byte within 30 ms'])
})

test('a first byte in time ends that deadline', () => {
  const { deadlines, expired, wait } = watched(30, 0)
  deadlines.received()
  wait(50)
  assert.deepEqual(expired, [])
})

test('silence expires, and any movement starts it anew', () => {
  const { deadlines, expired, wait } = watched(0, 60)
  for (let round = 0; round < 4; round++) {
    wait(25)
    if (round % 2 === 0) deadlines.moved()
    else deadlines.received()
  }
  assert.deepEqual(expired, [])
  wait(80)
  assert.deepEqual(expired, ['idle for 60 ms'])
})

test('with both, the silence is watched after the first byte', () => {
  const { deadlines, expired, wait } = watched(40, 20)
  wait(30)
  assert.deepEqual(expired, [], 'a client may take its time to the first byte')
  deadlines.received()
  wait(35)
  assert.deepEqual(expired, ['idle for 20 ms'])
})

test('a connection that is over has no deadlines', () => {
  const { deadlines, expired, wait } = watched(10, 10)
  deadlines.stop()
  wait(30)
  assert.deepEqual(expired, [])
})
