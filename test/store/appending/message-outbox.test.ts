/** Messages of any bytes cut into packets and put together again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageOutbox } from '../../../src/store/appending/message-outbox.js'
import type { Packet } from '../../../src/store/connection/outbox.js'
import { DURABILITIES, durabilityOf } from '../../../src/store/durability.js'
import { encodeFields, MOST_FIELDS_BYTES, withFields } from '../../../src/store/fields.js'
import {
  FIELDS,
  HEADER_BYTES,
  LENGTHS,
  PAYLOAD_BYTES,
  readHeader,
  wantedOf,
  writeHeader,
} from '../../../src/store/wire.js'
import { Inbox, PacketLost } from '../../../src/store/writer/inbox.js'

function wire({ payload, message, flags }: Packet): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length)
  writeHeader(packet, { message, flags })
  payload.copy(packet, HEADER_BYTES)
  return packet
}

function drain(box: MessageOutbox): Buffer[] {
  const packets: Buffer[] = []
  for (let next = box.next(); next !== undefined; next = box.next()) packets.push(wire(next))
  return packets
}

function gather(packets: readonly Buffer[], inbox = new Inbox(0, 0)): Buffer[] {
  const messages: Buffer[] = []
  for (const packet of packets)
    inbox.take(readHeader(packet), packet, (_number, bytes) => messages.push(Buffer.from(bytes)))
  return messages
}

/** Around every edge of a packet. */
const LENGTHS_TRIED = [
  0,
  1,
  0,
  5,
  PAYLOAD_BYTES - 9,
  PAYLOAD_BYTES - 5,
  PAYLOAD_BYTES - 4,
  PAYLOAD_BYTES - 3,
  PAYLOAD_BYTES,
  20_000,
  0,
  3,
]

test('messages of every length, with newlines in them, come out as they went in', () => {
  // each length as the first of a packet and behind every other
  for (const before of LENGTHS_TRIED) {
    const box = new MessageOutbox()
    const messages = [before, ...LENGTHS_TRIED].map((length, index) =>
      Buffer.alloc(length, index % 2 === 0 ? '\n' : 'x'),
    )
    for (const message of messages) box.add(message)
    const packets = drain(box)
    for (const packet of packets) assert.ok(packet.length <= 4096)
    assert.deepEqual(gather(packets), messages)
    assert.equal(box.acknowledge(messages.length), messages.length)
    assert.ok(box.answered)
  }
})

test('what is not acknowledged is sent again, and no more is under way than there is room to answer', () => {
  const box = new MessageOutbox()
  for (let index = 0; index < 1000; index++) box.add(Buffer.from(`${index}`))
  assert.equal(gather(drain(box)).length, 256)
  assert.equal(box.acknowledge(100), 100)
  assert.equal(box.acknowledge(100), 0, 'told twice')
  box.rewind()
  const again = gather(drain(box), new Inbox(100, 0)).map(String)
  assert.deepEqual([again[0], again.length], ['100', 256])
  // a new writer knows more than was told
  assert.equal(box.acknowledge(400), 300)
  assert.equal(String(gather(drain(box), new Inbox(400, 400))[0]), '400')
})

test('a length that is a lie fills no memory', () => {
  const packet = Buffer.alloc(HEADER_BYTES + 8)
  writeHeader(packet, { message: 1, flags: LENGTHS })
  packet.writeUInt32LE(0xffff_ffff, HEADER_BYTES)
  assert.throws(() => gather([packet], new Inbox(0, 0, 3)), PacketLost)
  assert.throws(() => gather([packet.subarray(0, HEADER_BYTES + 2)]), PacketLost)
})

test('fields, and how durable each is wanted, come out with their messages', () => {
  for (const length of LENGTHS_TRIED) {
    const box = new MessageOutbox()
    const sent = DURABILITIES.flatMap((durability, index) =>
      [undefined, '{}', encodeFields({ text: 'ä"\n'.repeat(length / 4) })].map((fields) => ({
        ...{
          durability,
          fields: fields === undefined || Buffer.byteLength(fields) > MOST_FIELDS_BYTES ? undefined : fields,
        },
        message: Buffer.alloc(length + index, 'x'),
      })),
    )
    for (const { message, durability, fields } of sent) box.add(message, { durability, fields })
    const inbox = new Inbox(0, 0, length + 2)
    const found: unknown[] = []
    for (const packet of drain(box)) {
      const header = readHeader(packet)
      const durability = durabilityOf(wantedOf(header.flags))
      inbox.take(header, packet, (_number, bytes, fields) =>
        found.push({ durability, fields, message: Buffer.from(bytes) }),
      )
    }
    assert.deepEqual(found, sent)
    const held = box.bytes
    assert.ok(held >= sent.reduce((sum, { message }) => sum + message.length, 0))
    box.acknowledge(sent.length)
    assert.equal(box.bytes, 0)
  }
})

test('fields that are none, or more than one line of JSON, are no message', () => {
  const takes = (bytes: Buffer): unknown => {
    const packet = Buffer.alloc(HEADER_BYTES + 4)
    writeHeader(packet, { message: 1, flags: LENGTHS | FIELDS })
    packet.writeUInt32LE(bytes.length, HEADER_BYTES)
    const whole = Buffer.concat([packet, bytes])
    return gather([whole])[0]?.toString()
  }
  assert.equal(takes(withFields(Buffer.from('m'), '{"a":1}')), 'm')
  const forged = ['', '[]', 'null', '"a"', '{"a":1', '{"a":1},"seq":2', '{"a":1}{', '{\n"a":1}', '{"a":1}\r']
  for (const fields of forged) assert.throws(() => takes(withFields(Buffer.from('m'), fields)), PacketLost, fields)
  assert.throws(() => takes(Buffer.from([1])), PacketLost)
  assert.throws(() => takes(Buffer.from([9, 0, 0x7b, 0x7d])), PacketLost, 'longer than there is')
})

test('fields are an object that JSON can say, of at most 32 KiB', () => {
  assert.equal(
    encodeFields({ at: new Date(0), list: [1], none: undefined }),
    '{"at":"1970-01-01T00:00:00.000Z","list":[1]}',
  )
  for (const wrong of [undefined, null, 1, 'a', [], () => 1, { toJSON: () => 'a' }, { big: 1n }])
    assert.throws(() => encodeFields(wrong), TypeError)
  assert.throws(() => encodeFields({ a: 'x'.repeat(MOST_FIELDS_BYTES) }), RangeError)
})
