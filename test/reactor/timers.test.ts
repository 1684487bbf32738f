import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Timers } from '../../src/reactor/timers.js'

/** Blocks until `ms` have passed. */
function spin(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('without timers there is nothing to wait for', () => {
  assert.equal(new Timers().untilNextMs(), -1)
})

test('the wait is until the nearest, rounded up, and never negative', () => {
  const timers = new Timers()
  timers.add(1000, () => {})
  const cancelled = timers.add(10, () => {})
  timers.add(50.2, () => {})
  assert.ok(timers.untilNextMs() <= 10)
  cancelled.cancel()
  const wait = timers.untilNextMs()
  assert.ok(Number.isInteger(wait) && wait > 40 && wait <= 51, `${wait}`)
  timers.add(0, () => {})
  spin(1)
  assert.equal(timers.untilNextMs(), 0)
})

test('what is due fires once, and not before its time', () => {
  const timers = new Timers()
  const fired: string[] = []
  timers.add(5, () => fired.push('soon'))
  timers.add(10_000, () => fired.push('late'))
  timers.fireDue()
  assert.deepEqual(fired, [])
  spin(6)
  timers.fireDue()
  timers.fireDue()
  assert.deepEqual(fired, ['soon'])
})

test('a timer that is cancelled by one that fires with it does not fire', () => {
  const timers = new Timers()
  const fired: string[] = []
  timers.add(0, () => {
    fired.push('first')
    second.cancel()
  })
  const second = timers.add(0, () => fired.push('second'))
  spin(1)
  timers.fireDue()
  assert.deepEqual(fired, ['first'])
})

test('a timer that adds another does not fire it in the same turn', () => {
  const timers = new Timers()
  let count = 0
  const again = (): void => {
    count++
    timers.add(0, again)
  }
  timers.add(0, again)
  spin(1)
  timers.fireDue()
  assert.equal(count, 1)
})
