import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bitsOf, sigaddset, sigemptyset, sigfillset, sigismember, sigsetOfBits } from '../../src/libc/sigset.js'

test('a list, a set and 64 bits say the same', () => {
  const bits = (1n << 0n) | (1n << 14n) | (1n << 63n)
  assert.equal(bitsOf([1, 15, 64]), bits)
  assert.equal(bitsOf(sigsetOfBits(bits)), bits)
  assert.equal(bitsOf(sigfillset()), 2n ** 64n - 1n)
})

test('the operations change the set that they are given, as in C', () => {
  const set = sigfillset()
  assert.equal(sigemptyset(set), set)
  sigaddset(set, 17)
  assert.equal(sigismember(set, 17), true)
  assert.equal(bitsOf(set), 1n << 16n)
})

test('what is no number is a TypeError, what is no signal EINVAL', () => {
  assert.throws(() => bitsOf([1.5]), { name: 'TypeError', message: 'signal: expected a whole number, got 1.5' })
  assert.throws(() => bitsOf([65]), { name: 'PosixError', code: 'EINVAL' })
  assert.throws(() => bitsOf('15' as unknown as number[]), {
    name: 'TypeError',
    message: 'signals: expected a sigset or an array, got string',
  })
})
