/** Records: what is written is read back byte for byte, and no damage goes unnoticed. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { GrowingBuffer } from '../../../src/store/connection/growing-buffer.js'
import { addRecord, decodeRecord, isWhole, type RecordHead } from '../../../src/store/file/record.js'

const head: RecordHead = { seq: 7, time: '2026-01-31T12:00:00.123Z', connection: 'ab12cd34-5', n: 3, peer: 'unix:/"x"' }

function encode(message: Buffer): Buffer {
  const target = new GrowingBuffer(16)
  target.add(Buffer.from('before\n'))
  addRecord(target, head, message)
  const line = target.bytes.subarray('before\n'.length, target.length)
  assert.equal(line.at(-1), 10)
  assert.equal(line.indexOf(10), line.length - 1, 'a record is one line')
  return Buffer.from(line.subarray(0, -1))
}

const messages = [
  Buffer.alloc(0),
  Buffer.from('hello'),
  Buffer.from('quotes " and \\ and \r and \t and \0'),
  Buffer.from('ä 😀 \u2028 \ufeff bom'),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xed, 0xa0, 0x80]),
  randomBytes(5000).map((byte) => (byte === 10 ? 0 : byte)) as Buffer,
  Buffer.alloc(100_000, 'é'),
]

for (const [index, message] of messages.entries())
  test(`message ${index} comes back exactly`, () => {
    const record = decodeRecord(encode(message))
    assert.deepEqual(record, { ...head, message: Buffer.from(message) })
  })

test('a record is JSON with the checksum last, as the documentation shows it', () => {
  assert.equal(
    encode(Buffer.from('hello')).toString(),
    '{"seq":7,"time":"2026-01-31T12:00:00.123Z","connection":"ab12cd34-5","n":3,"peer":"unix:/\\"x\\"","message":"hello","crc32":"8e80f946"}',
  )
})

test('every cut, and every changed byte, is damage', () => {
  const line = encode(Buffer.from('hello'))
  assert.ok(isWhole(line))
  for (let length = 0; length < line.length; length++) assert.equal(isWhole(line.subarray(0, length)), false)
  for (let at = 0; at < line.length; at++) {
    const changed = Buffer.from(line)
    changed[at] = (changed[at] as number) ^ 0x04
    assert.equal(decodeRecord(changed), undefined, `byte ${at}`)
  }
})

test('what is written byte by byte is what JSON has', () => {
  const texts = ['plain', '', '~ !#[]{}', 'quo"te', 'back\\slash', 'tab\t', '\u007f', 'é', 'x'.repeat(3000)]
  const numbers = [0, 9, 10, 12345678901, Number.MAX_SAFE_INTEGER]
  for (const text of texts)
    for (const peer of ['127.0.0.1:5', 'unix:/"x"', 'unix:/é'])
      for (const seq of numbers)
        for (const batch of [seq, 3]) {
          const target = new GrowingBuffer(1)
          addRecord(target, { ...head, seq, batch, n: seq, peer }, Buffer.from(text))
          const { time, connection } = head
          const wanted = { seq, ...(batch !== seq && { batch }), time, connection, n: seq, peer, message: text }
          const line = target.bytes.toString('utf8', 0, target.length)
          assert.equal(line.slice(0, line.lastIndexOf(',"crc32"')), JSON.stringify(wanted).slice(0, -1))
          assert.ok(isWhole(target.bytes.subarray(0, target.length - 1)))
        }
})
