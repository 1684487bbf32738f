/** Lines cut into packets and put together again, whatever the chunks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Outbox, type Packet } from '../../../src/store/connection/outbox.js'
import { HEADER_BYTES, PAYLOAD_BYTES, readHeader, writeHeader } from '../../../src/store/wire.js'
import { Inbox, PacketLost } from '../../../src/store/writer/inbox.js'

const outbox = (maxMessageBytes = 1_000_000): Outbox => new Outbox(maxMessageBytes, Buffer.alloc(64))

/** As it arrives at the writer. */
function wire({ payload, message, flags }: Packet): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length)
  writeHeader(packet, { message, flags })
  payload.copy(packet, HEADER_BYTES)
  return packet
}

/** Everything that may be sent now. */
function drain(box: Outbox): Buffer[] {
  const packets: Buffer[] = []
  for (let next = box.next(); next !== undefined; next = box.next()) packets.push(wire(next))
  return packets
}

/** The messages of packets. */
function gather(packets: readonly Buffer[], inbox = new Inbox(0, 0)): string[] {
  const messages: string[] = []
  for (const packet of packets)
    inbox.take(readHeader(packet), packet, (number, bytes) => {
      assert.equal(number, messages.length + 1)
      messages.push(bytes.toString('latin1'))
    })
  return messages
}

test('lines of every length around the size of a packet come out as they went in, in chunks of any size', () => {
  const lengths = [
    0,
    1,
    0,
    0,
    PAYLOAD_BYTES - 2,
    PAYLOAD_BYTES - 1,
    PAYLOAD_BYTES,
    PAYLOAD_BYTES + 1,
    3 * PAYLOAD_BYTES,
    7,
  ]
  const lines = lengths.map((length, index) => String.fromCharCode(97 + index).repeat(length))
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  for (const size of [1, 7, 4096, 100_000]) {
    const box = outbox()
    const packets: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) {
      box.append(bytes.subarray(at, at + size))
      packets.push(...drain(box))
    }
    assert.deepEqual(gather(packets), lines, `chunks of ${size}`)
    for (const packet of packets) assert.ok(packet.length <= 4096)
    assert.ok(box.acknowledge(lines.length).equals(bytes))
    assert.ok(box.answered)
  }
})

test('a last line without a newline is a message of its own', () => {
  for (const rest of ['x', 'y'.repeat(PAYLOAD_BYTES), 'z'.repeat(3 * PAYLOAD_BYTES)]) {
    const box = outbox()
    box.append(Buffer.from(`first\n${rest}`))
    box.finish()
    assert.deepEqual(gather(drain(box)), ['first', rest])
    assert.equal(box.acknowledge(1).toString(), 'first\n')
    assert.equal(box.acknowledge(2).toString(), rest)
    assert.ok(box.answered)
  }
})

test('nothing is sent of a line before its newline has come', () => {
  const box = outbox()
  box.append(Buffer.from('half a li'))
  assert.deepEqual(drain(box), [])
  box.append(Buffer.from('ne\n'))
  assert.deepEqual(gather(drain(box)), ['half a line'])
})

test('acknowledgements may split what was sent together', () => {
  const box = outbox()
  box.append(Buffer.from('a\nbb\n\nccc\n'))
  drain(box)
  assert.equal(box.acknowledge(1).toString(), 'a\n')
  assert.equal(box.acknowledge(1).toString(), '', 'told twice')
  assert.equal(box.acknowledge(3).toString(), 'bb\n\n')
  assert.equal(box.acknowledge(4).toString(), 'ccc\n')
})

test('no more packets with line ends are under way than a socket has room to acknowledge', () => {
  const box = outbox()
  for (let index = 0; index < 1000; index++) {
    box.append(Buffer.from(`${index}\n`))
    box.next()
  }
  assert.ok(box.backlog)
  assert.equal(box.acknowledge(64).toString().split('\n').length - 1, 64)
  const more = drain(box)
  assert.ok(more.length > 0)
})

test('one message may be larger than the window', () => {
  const box = outbox()
  const large = 'x'.repeat(900_000)
  box.append(Buffer.from(`${large}\n`))
  assert.deepEqual(gather(drain(box)), [large])
})

test('a line longer than allowed is refused, the ones before it are not', () => {
  for (const ending of ['\n', '']) {
    const box = outbox(5)
    box.append(Buffer.from(`12345\n123456${ending}`))
    assert.ok(box.refused)
    assert.deepEqual(gather(drain(box)), ['12345'])
    box.append(Buffer.from('more\n'))
    assert.equal(box.acknowledge(1).toString(), '12345\n')
    assert.ok(box.answered)
  }
})

test('after a rewind everything without acknowledgement is sent again', () => {
  const box = outbox()
  box.append(Buffer.from(`a\nb\n${'c'.repeat(9000)}\nd\n`))
  box.next()
  box.next()
  box.acknowledge(1)
  box.rewind()
  const inbox = new Inbox(1, 0)
  const again: string[] = []
  for (const packet of drain(box))
    inbox.take(readHeader(packet), packet, (_number, bytes) => again.push(bytes.toString()))
  assert.deepEqual(again, ['b', 'c'.repeat(9000), 'd'])
})

test('what a new writer knows to be stored is passed over, sent again or not', () => {
  const lines = ['a', 'b'.repeat(9000), 'c', 'd']
  for (const sentBefore of [0, 1, 2, 3]) {
    const box = outbox()
    box.append(Buffer.from(`${lines.join('\n')}\n`))
    drain(box)
    box.rewind()
    const inbox = new Inbox(0, 3)
    const stored: number[] = []
    const take = (packet: Buffer): void => inbox.take(readHeader(packet), packet, (number) => stored.push(number))
    for (let count = 0; count < sentBefore; count++) take(wire(box.next() as Packet))
    box.acknowledge(3)
    for (const packet of drain(box)) take(packet)
    assert.deepEqual(stored, [4], `${sentBefore} packets before it was told`)
  }
})

test('a packet that is missing is noticed', () => {
  const box = outbox()
  box.append(Buffer.from(`${'a'.repeat(9000)}\nb\n`))
  const packets = drain(box)
  assert.throws(() => gather(packets.slice(1)), PacketLost)
  assert.throws(() => gather([packets[0] as Buffer, packets[0] as Buffer]), PacketLost)
  assert.throws(() => gather([packets[0] as Buffer, packets[2] as Buffer].filter(Boolean).slice(1)), PacketLost)
})

test('a line without end does not fill the memory of the writer', () => {
  const box = outbox()
  box.append(Buffer.from(`${'a'.repeat(99_999)}\n`))
  const packets = drain(box)
  assert.deepEqual(gather(packets, new Inbox(0, 0, 99_999)), ['a'.repeat(99_999)])
  assert.throws(() => gather(packets, new Inbox(0, 0, 90_000)), PacketLost)
})
