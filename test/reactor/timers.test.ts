import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Timers } from '../../src/reactor/timers.js'

/** Blocks until `ms` have passed. */
function spin(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

for (const [name, Subject] of Object.entries({ Timers })) {
  test(`${name}: without timers there is nothing to wait for`, () => {
    assert.equal(new Subject().untilNextMs(), -1)
  })

  test(`${name}: the wait is until the nearest, rounded up, and never negative`, () => {
    const timers = new Subject()
    timers.add(1000, () => {})
    const cancelled = timers.add(10, () => {})
    const before = performance.now()
    timers.add(50.2, () => {})
    assert.ok(timers.untilNextMs() <= 10)
    cancelled.cancel()
    const wait = timers.untilNextMs()
    const passed = performance.now() - before
    assert.ok(Number.isInteger(wait) && wait >= 50.2 - passed && wait <= 51, `${wait} when ${passed} ms had passed`)
    timers.add(0, () => {})
    spin(1)
    assert.equal(timers.untilNextMs(), 0)
  })

  test(`${name}: what is due fires once, and not before its time`, () => {
    const timers = new Subject()
    const fired: string[] = []
    const dueMs = performance.now() + 5
    timers.add(5, () => fired.push(performance.now() >= dueMs ? 'in time' : 'too soon'))
    timers.add(60_000, () => fired.push('late'))
    while (fired.length === 0) timers.fireDue()
    timers.fireDue()
    assert.deepEqual(fired, ['in time'])
  })

  test(`${name}: a timer that is cancelled by one that fires with it does not fire`, () => {
    const timers = new Subject()
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

  test(`${name}: a timer that adds another does not fire it in the same turn`, () => {
    const timers = new Subject()
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
}

test('a heap of ten thousand, every third cancelled, fires the others in order', () => {
  const timers = new Timers()
  const fired: number[] = []
  const delays = Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 10_007)
  const made = delays.map((delay) => timers.add(delay / 1e6, () => fired.push(delay)))
  for (let index = 0; index < made.length; index += 3) made[index]?.cancel()
  for (let index = 0; index < made.length; index += 6) made[index]?.cancel()
  spin(1)
  timers.fireDue()
  assert.equal(timers.size, 0)
  assert.equal(fired.length, delays.filter((_, index) => index % 3 !== 0).length)
})
