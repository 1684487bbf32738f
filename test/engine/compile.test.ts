/** V8 compiles what it is asked to. On a Node that has lost a word for it, servers are slower, and nothing else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { compileUncalled, observe, optimise, optimiseWhole, wordOfV8 } from '../../src/engine/compile.js'

function isOf(tier: 'Ignition' | 'Turbofan', subject: (n: number) => number): boolean {
  setFlagsFromString('--allow-natives-syntax')
  try {
    return new Function('subject', `return %ActiveTierIs${tier}(subject)`)(subject) as boolean
  } finally {
    setFlagsFromString('--no-allow-natives-syntax')
  }
}

test('what was observed is compiled to optimised code at its next call, again and again', () => {
  const triple = (n: number): number => n * 3
  observe([triple])
  for (let n = 0; n < 5; n++) triple(n)
  assert.equal(isOf('Turbofan', triple), false)
  optimise([triple], () => triple(1))
  assert.equal(isOf('Turbofan', triple), true)
  optimiseWhole([triple], () => assert.equal(isOf('Turbofan', triple), false))
  optimiseWhole([triple], () => triple(1))
  assert.equal(isOf('Turbofan', triple), true)
  assert.equal(triple(7), 21)
})

test('what was never called is compiled as its first call would', () => {
  const half = (n: number): number => n / 2
  assert.equal(isOf('Ignition', half), false)
  compileUncalled([half])
  assert.equal(isOf('Ignition', half), true)
  assert.equal(half(42), 21)
  observe([half])
  optimise([half], () => half(4))
  compileUncalled([half])
  assert.equal(half(2), 1)
})

test('what is not written in JavaScript is left alone', () => {
  const add = (one: number, other: number): number => one + other
  // V8 ends the process when it is asked for one of these
  const others = [add.bind(null, 1), new Proxy(add, {}), Array.prototype.push, Math.max, structuredClone]
  observe(others)
  compileUncalled(others)
  optimise(others, () => others[0]?.(2))
  optimiseWhole(others, () => others[1]?.(1, 2))
})

test('a word that V8 does not have does nothing', () => {
  wordOfV8('NoSuchWordInV8')(() => assert.fail('it was called'))
  assert.throws(() => new Function('subject', '%NoSuchWordInV8(subject)'), SyntaxError)
})
