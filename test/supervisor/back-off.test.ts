import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BackOff } from '../../src/supervisor/back-off.js'

test('each failure in a row waits twice as long, up to the longest wait', () => {
  const backOff = new BackOff(5, 1000)
  const waits = Array.from({ length: 10 }, () => backOff.failed())
  assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000])
})

test('it is fresh until the first failure, and again after a success', () => {
  const backOff = new BackOff(5, 1000)
  assert.equal(backOff.fresh, true)
  backOff.failed()
  assert.equal(backOff.fresh, false)
  backOff.succeeded()
  assert.equal(backOff.fresh, true)
  assert.equal(backOff.failed(), 5)
})
