import assert from 'node:assert/strict'
import { test } from 'node:test'
import { close, read } from '../../../src/libc/fd.js'
import { SPARES_WORDS, Spares } from '../../../src/supervisor/ahead/spares.js'

const make = (): Spares => new Spares(new Int32Array(new SharedArrayBuffer(4 * SPARES_WORDS)))

/** How often the bell was rung since this was last asked for. */
const rung = ({ heard }: Spares): number => read(heard, Buffer.alloc(16)) ?? 0

function closeBell({ heard, rope }: Spares): void {
  close(heard)
  close(rope)
}

test('the bell rings for whoever leaves too few, once for each time that it is set', () => {
  const spares = make()
  for (let count = 0; count < 4; count++) spares.forked()
  spares.ringBelow(3)
  spares.taken()
  assert.equal(rung(spares), 0)
  spares.taken()
  spares.taken()
  assert.equal(rung(spares), 1)
  spares.ringBelow(3)
  spares.taken()
  assert.equal(rung(spares), 1)
  spares.ringBelow(0)
  spares.freed()
  spares.taken()
  assert.equal(rung(spares), 0)
  assert.equal(spares.free, 0)
  closeBell(spares)
})

test('the fewest that were free are known', () => {
  const spares = make()
  for (let count = 0; count < 4; count++) spares.forked()
  spares.takeFewest()
  spares.taken()
  spares.taken()
  spares.freed()
  spares.freed()
  assert.equal(spares.takeFewest(), 2)
  assert.equal(spares.takeFewest(), 4)
  spares.ended()
  assert.equal(spares.takeFewest(), 3)
  closeBell(spares)
})

test('a worker that has started rings while that is of interest', () => {
  const spares = make()
  spares.ready()
  assert.equal(rung(spares), 0)
  spares.ringWhenReady(true)
  spares.ready()
  assert.equal(rung(spares), 1)
  closeBell(spares)
})
