import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PullReader } from '../../../src/server/connection/pull-reader.js'

/** A reader that notes whether the connection would be read. */
function reader(): { reader: PullReader; reading(): boolean } {
  let reading = false
  const pull = new PullReader({
    resume() {
      reading = true
    },
    pause() {
      reading = false
    },
  })
  return { reader: pull, reading: () => reading }
}

test('the connection is read only while somebody waits', async () => {
  const { reader: pull, reading } = reader()
  assert.equal(reading(), false)
  const first = pull.read()
  assert.equal(reading(), true)
  pull.push(Buffer.from('a'))
  assert.equal(reading(), false)
  assert.equal(String(await first), 'a')
})

test('bytes that came without anybody waiting are kept in order', async () => {
  const { reader: pull } = reader()
  pull.push(Buffer.from('a'))
  pull.push(Buffer.from('b'))
  assert.equal(String(await pull.read()), 'a')
  assert.equal(String(await pull.read()), 'b')
})

test('several who wait are served in order, and the connection is read until the last is', async () => {
  const { reader: pull, reading } = reader()
  const reads = [pull.read(), pull.read()]
  pull.push(Buffer.from('a'))
  assert.equal(reading(), true)
  pull.push(Buffer.from('b'))
  assert.equal(reading(), false)
  assert.deepEqual((await Promise.all(reads)).map(String), ['a', 'b'])
})

test('after the end come the bytes that are left, then undefined for ever', async () => {
  const { reader: pull } = reader()
  pull.push(Buffer.from('left'))
  pull.end()
  assert.equal(String(await pull.read()), 'left')
  assert.equal(await pull.read(), undefined)
  assert.equal(await pull.read(), undefined)
})

test('an end wakes whoever waits', async () => {
  const { reader: pull } = reader()
  const waiting = [pull.read(), pull.read()]
  pull.end()
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined])
})

test('a loss rejects whoever waits, and whoever reads later', async () => {
  const { reader: pull } = reader()
  const lost = new Error('lost')
  const waiting = pull.read()
  pull.close(lost)
  await assert.rejects(waiting, lost)
  await assert.rejects(pull.read(), lost)
})

test('bytes that came before a loss are still given', async () => {
  const { reader: pull } = reader()
  pull.push(Buffer.from('before'))
  pull.close(new Error('lost'))
  assert.equal(String(await pull.read()), 'before')
  await assert.rejects(pull.read(), { message: 'lost' })
})
