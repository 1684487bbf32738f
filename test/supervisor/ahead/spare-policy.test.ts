import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SparePolicy } from '../../../src/supervisor/ahead/spare-policy.js'

const limits = { minSpare: 5, maxSpare: 40, maxWorkers: 100, startTimeoutMs: 0, maxStartFailures: 0 }

test('what is short is forked at once, and no more as long as enough are free', () => {
  const policy = new SparePolicy(limits)
  assert.equal(policy.toFork(0, 0, 0), 5)
  assert.equal(policy.toFork(5, 5, 1), 0)
  assert.equal(policy.toFork(4, 5, 2), 1)
  assert.equal(policy.toFork(40, 41, 3), 0)
})

test('while some are short again twice as many are forked after each second, up to 32', () => {
  const policy = new SparePolicy(limits)
  const forked = [0, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000].map((ms) => policy.toFork(4, 10, ms))
  assert.deepEqual(forked, [1, 1, 2, 2, 4, 4, 8, 16, 32, 32])
  assert.equal(policy.toFork(4, 10, 7001), 1, 'a second without')
})

test('never more than may be free, nor than there may be', () => {
  const policy = new SparePolicy({ ...limits, maxSpare: 8, maxWorkers: 10 })
  for (let ms = 0; ms <= 8000; ms += 1000) policy.toFork(4, 5, ms)
  assert.equal(policy.toFork(4, 5, 9000), 4)
  assert.equal(policy.toFork(4, 8, 9001), 2)
  assert.equal(policy.toFork(0, 10, 9002), 0)
})

test('those that were free all the time end, down to as many as may be', () => {
  const policy = new SparePolicy(limits)
  assert.equal(policy.toEnd(41), 1)
  assert.equal(policy.toEnd(40), 0)
  assert.equal(policy.toEnd(-1), 0)
})
