/** How often: the least interval while it is cheap, a share of a core where it is not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace } from '../../src/page/pace.js'

/** @returns the intervals after each of so many times */
function intervals(pace: Pace, costMs: number, times: number, fromMs = 0): number[] {
  let nowMs = fromMs
  return Array.from({ length: times }, () => {
    pace.done(nowMs, costMs)
    nowMs += pace.everyMs
    return pace.everyMs
  })
}

test('what is cheap is done as often as is wanted', () =>
  assert.deepEqual(new Set(intervals(new Pace(1000), 29, 200)), new Set([1000])))

test('what is costly may be at first, and then takes three hundredths of a core', () => {
  const all = intervals(new Pace(1000), 300, 50)
  assert.deepEqual(all.slice(0, 4), [1000, 2334, 10_000, 10_000])
  assert.equal(all.at(-1), 10_000)
})

test('it is due a little before its time, and no earlier', () => {
  const pace = new Pace(1000)
  assert.ok(pace.isDue(0))
  pace.done(0, 1)
  assert.deepEqual([800, 899, 901, 1000].map(pace.isDue), [false, false, true, true])
})
