/** What travels to the writer and back, field by field, at the edges of each field. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ACK_BYTES,
  decodeRegistration,
  encodeRegistration,
  HEADER_BYTES,
  readHeader,
  writeAck,
  writeHeader,
} from '../../src/store/wire.js'

const most = { u32: 2 ** 32 - 1, u48: 2 ** 48 - 1, u16: 2 ** 16 - 1 }

test('headers', () => {
  for (const header of [
    { message: 1, flags: 0 },
    { message: most.u48, flags: most.u16 },
  ]) {
    const packet = Buffer.alloc(HEADER_BYTES)
    writeHeader(packet, header)
    assert.deepEqual(readHeader(packet), header)
  }
})

test('registrations', () => {
  for (const registration of [
    { connection: 1, acknowledged: 0, peer: '', wantsSequences: true, unnumbered: true, shared: false },
    {
      connection: most.u32,
      acknowledged: most.u48,
      peer: 'unix:/tmp/ä',
      wantsSequences: false,
      unnumbered: false,
      shared: true,
    },
  ])
    assert.deepEqual(decodeRegistration(encodeRegistration(registration)), registration)
  assert.equal(decodeRegistration(Buffer.from('nothing')), undefined)
})

test('acknowledgements', () => {
  const bytes = Buffer.alloc(2 * ACK_BYTES)
  assert.equal(writeAck(bytes, 0, 7, 0), ACK_BYTES)
  assert.equal(writeAck(bytes, ACK_BYTES, most.u48, 28), 2 * ACK_BYTES)
  assert.deepEqual([bytes.readUIntLE(0, 6), bytes.readUInt16LE(6)], [7, 0])
  assert.deepEqual([bytes.readUIntLE(8, 6), bytes.readUInt16LE(14)], [most.u48, 28])
})
