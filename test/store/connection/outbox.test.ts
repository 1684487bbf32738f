/** Lines cut into packets and put together again, whatever the chunks and whoever sends in between. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Outbox, type Packet } from '../../../src/store/connection/outbox.js'
import { HEADER_BYTES, PAYLOAD_BYTES, readHeader, writeHeader } from '../../../src/store/wire.js'
import { Inbox, PacketLost } from '../../../src/store/writer/inbox.js'

const outbox = (maxMessageBytes = 1_000_000): Outbox => new Outbox(maxMessageBytes, Buffer.alloc(64))

/** As it arrives at the writer. */
function wire(connection: number, { payload, message, flags }: Packet): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length)
  writeHeader(packet, { connection, epoch: 1, message, flags })
  payload.copy(packet, HEADER_BYTES)
  return packet
}

/** Everything that may be sent now. */
function drain(box: Outbox, connection = 1): Buffer[] {
  const packets: Buffer[] = []
  for (let next = box.next(); next !== undefined; next = box.next()) packets.push(wire(connection, next))
  return packets
}

/** The messages of packets, by connection. */
function gather(packets: readonly Buffer[]): Map<number, string[]> {
  const inboxes = new Map<number, Inbox>()
  const messages = new Map<number, string[]>()
  for (const packet of packets) {
    const header = readHeader(packet)
    const inbox = inboxes.get(header.connection) ?? new Inbox(0, 0)
    inboxes.set(header.connection, inbox)
    const mine = messages.get(header.connection) ?? []
    messages.set(header.connection, mine)
    inbox.take(header, packet, (number, bytes) => {
      assert.equal(number, mine.length + 1)
      mine.push(bytes.toString('latin1'))
    })
  }
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
    assert.deepEqual(gather(packets).get(1), lines, `chunks of ${size}`)
    for (const packet of packets) assert.ok(packet.length <= 4096)
    assert.ok(box.acknowledge(lines.length).equals(bytes))
    assert.ok(box.answered)
  }
})

test('packets of many connections may come in any order between each other', () => {
  const boxes = Array.from({ length: 5 }, () => outbox())
  const lines = boxes.map((_box, index) => [3, 20_000, 5].map((length) => String(index).repeat(length)))
  const streams = boxes.map((box, index) => {
    box.append(Buffer.from(`${lines[index]?.join('\n')}\n`))
    return drain(box, index)
  })
  const mixed: Buffer[] = []
  while (streams.some((stream) => stream.length > 0)) for (const stream of streams) mixed.push(...stream.splice(0, 1))
  const gathered = gather(mixed)
  for (const [index, mine] of lines.entries()) assert.deepEqual(gathered.get(index), mine)
})

test('a last line without a newline is a message of its own', () => {
  for (const rest of ['x', 'y'.repeat(PAYLOAD_BYTES), 'z'.repeat(3 * PAYLOAD_BYTES)]) {
    const box = outbox()
    box.append(Buffer.from(`first\n${rest}`))
    box.finish()
    assert.deepEqual(gather(drain(box)).get(1), ['first', rest])
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
  assert.deepEqual(gather(drain(box)).get(1), ['half a line'])
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

test('no more packets with line ends are under way than the smallest pipe has room to acknowledge', () => {
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
  assert.deepEqual(gather(drain(box)).get(1), [large])
})

test('a line longer than allowed is refused, the ones before it are not', () => {
  for (const ending of ['\n', '']) {
    const box = outbox(5)
    box.append(Buffer.from(`12345\n123456${ending}`))
    assert.ok(box.refused)
    assert.deepEqual(gather(drain(box)).get(1), ['12345'])
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
    for (let count = 0; count < sentBefore; count++) take(wire(1, box.next() as Packet))
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
