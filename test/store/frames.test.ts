/** Frames on the socket of a worker, and how many a worker may have under way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswerWindow } from '../../src/store/connection/answer-window.js'
import { FramePacket } from '../../src/store/connection/frame-packet.js'
import { CARRIES, CLOSES, FRAME_BYTES, FRAMES_BYTES, OPENS, readFrame, writeFrame } from '../../src/store/frames.js'
import { HEADER_BYTES, PACKET_BYTES, REGISTRATION_MAX_BYTES } from '../../src/store/wire.js'

const framesOf = ({ bytes, length }: FramePacket): [connection: number, kind: number, length: number][] => {
  const found: [number, number, number][] = []
  for (let frame = readFrame(bytes, 0, length); frame !== undefined; frame = readFrame(bytes, frame.to, length))
    found.push([frame.connection, frame.kind, frame.to - frame.from])
  return found
}

test('a frame is read as it was written, and half of one is none', () => {
  const bytes = Buffer.alloc(FRAME_BYTES + 3)
  assert.equal(writeFrame(bytes, 0, 0xffff_ffff, CARRIES, 3), FRAME_BYTES)
  assert.deepEqual(readFrame(bytes, 0, bytes.length), { connection: 0xffff_ffff, kind: CARRIES, from: 8, to: 11 })
  for (let length = 0; length < bytes.length; length++) assert.equal(readFrame(bytes, 0, length), undefined)
})

test('where there is room for a packet there is room for the largest, with who sends it', () => {
  const packet = new FramePacket()
  let connection = 0
  while (packet.hasRoom) {
    packet.open(++connection, Buffer.alloc(REGISTRATION_MAX_BYTES))
    packet.add(connection, { payload: Buffer.alloc(PACKET_BYTES - HEADER_BYTES), message: 1, flags: 0, ends: 1 })
  }
  assert.ok(packet.length <= FRAMES_BYTES && connection > 1, `${packet.length} bytes`)
  const each = (id: number) => [
    [id, OPENS, REGISTRATION_MAX_BYTES],
    [id, CARRIES, PACKET_BYTES],
  ]
  assert.deepEqual(framesOf(packet), Array.from({ length: connection }, (_, index) => each(index + 1)).flat())
})

test('who is over is told of sooner or later, but not to a writer that never knew', () => {
  const packet = new FramePacket()
  const many = FRAMES_BYTES / FRAME_BYTES
  for (let id = 1; id <= many + 2; id++) packet.close(id)
  packet.addClosed()
  assert.equal(framesOf(packet).filter(([, kind]) => kind === CLOSES).length, many)
  packet.length = 0
  packet.addClosed()
  assert.equal(framesOf(packet).length, 2)
  packet.close(1)
  packet.clear()
  packet.addClosed()
  assert.equal(packet.length, 0)
})

test('the window is as wide as the answers to what is under way have room', () => {
  const window = new AnswerWindow()
  let packets = 0
  for (; window.hasRoom; packets++) {
    window.expect(24)
    window.sent()
  }
  assert.equal(packets, 64, 'many small packets: the kernel counts each')
  window.settle(24)
  assert.ok(window.hasRoom, 'the first is answered')
  window.expect(64 * 1024)
  assert.ok(!window.hasRoom, 'large answers')
  window.settle(64 * 1024 + 63 * 24)
  assert.ok(window.hasRoom)
})
