/** V8 compiles what it is asked to. On a Node that has lost a word for it, servers are slower, and nothing else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { observe, optimise, optimiseWhole, wordOfV8 } from '../../src/engine/compile.js'

function isTurbofans(subject: (n: number) => number): boolean {
  setFlagsFromString('--allow-natives-syntax')
  try {
    return new Function('subject', 'return %ActiveTierIsTurbofan(subject)')(subject) as boolean
  } finally {
    setFlagsFromString('--no-allow-natives-syntax')
  }
}

test('what was observed is compiled to optimised code at its next call, again and again', () => {
  const triple = (n: number): number => n * 3
  observe([triple])
  for (let n = 0; n < 5; n++) triple(n)
  assert.equal(isTurbofans(triple), false)
  optimise([triple], () => triple(1))
  assert.equal(isTurbofans(triple), true)
  optimiseWhole([triple], () => assert.equal(isTurbofans(triple), false))
  optimiseWhole([triple], () => triple(1))
  assert.equal(isTurbofans(triple), true)
  assert.equal(triple(7), 21)
})

test('a word that V8 does not have does nothing', () => {
  wordOfV8('NoSuchWordInV8')(() => assert.fail('it was called'))
  assert.throws(() => new Function('subject', '%NoSuchWordInV8(subject)'), SyntaxError)
})
