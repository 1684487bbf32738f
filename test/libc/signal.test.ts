import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockSignals, setSignalMask, signalMask, signalName, sigset, sigsetMembers } from '../../src/libc/signal.js'
import { statusField } from '../harness/proc.js'

test('a set has bit n-1 for signal n, as the kernel has it', () => {
  const set = sigset([1, 2, 15, 31, 64])
  assert.equal(set.readBigUInt64LE(0), (1n << 0n) | (1n << 1n) | (1n << 14n) | (1n << 30n) | (1n << 63n))
  assert.equal(set.length, 128)
})

test('members come back in order, once each', () => {
  assert.deepEqual(sigsetMembers(sigset([15, 1, 15, 64])), [1, 15, 64])
  assert.deepEqual(sigsetMembers(sigset([])), [])
})

test('what is no signal number is refused', () => {
  for (const bad of [0, -1, 65, 1.5, Number.NaN])
    assert.throws(() => sigset([bad]), { name: 'RangeError', message: `signal: expected 1 to 64, got ${bad}` })
})

test('blocking tells the mask before, and the kernel agrees with ours', () => {
  const before = blockSignals(sigset([12]))
  assert.equal(sigsetMembers(before).includes(12), false)
  assert.ok(sigsetMembers(signalMask()).includes(12))
  const blocked = BigInt(`0x${statusField(process.pid, 'SigBlk')}`)
  assert.equal(blocked & (1n << 11n), 1n << 11n)
  setSignalMask(before)
  assert.deepEqual(sigsetMembers(signalMask()), sigsetMembers(before))
})

test('signals have names, and those without say their number', () => {
  assert.equal(signalName(15), 'SIGTERM')
  assert.equal(signalName(6), 'SIGABRT')
  assert.equal(signalName(40), 'signal 40')
})
