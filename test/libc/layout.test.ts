import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as message from '../../src/libc/layout/message.js'
import { decodeLinger, decodeUcred, encodeLinger } from '../../src/libc/layout/options.js'
import { decodeEpollEvents, decodeRevents, encodeEpollEvent, encodePollfds } from '../../src/libc/layout/poll.js'
import { decodeSiginfos } from '../../src/libc/layout/signalfd-siginfo.js'
import { type Layout, layouts, type Structs } from '../../src/libc/layout/tables.js'
import * as time from '../../src/libc/layout/time.js'

const tables = Object.entries(layouts).flatMap(([arch, libraries]) =>
  Object.entries(libraries).map(([library, structs]) => [`${arch} ${library}`, structs as Structs] as const),
)

for (const [name, structs] of tables)
  test(`${name}: members lie inside of their struct, and none on another`, () => {
    for (const [struct, layout] of Object.entries(structs) as [string, Layout<string>][]) {
      const members = Object.values(layout.members).sort(([a], [b]) => a - b)
      let end = 0
      for (const [offset, bytes] of members) {
        assert.ok(offset >= end, struct)
        end = offset + bytes
      }
      assert.ok(end <= layout.size, struct)
    }
  })

const view = (bytes: number): DataView => new DataView(new ArrayBuffer(bytes))
const hex = ({ buffer }: { buffer: ArrayBufferLike }): string => Buffer.from(buffer).toString('hex')

test('a timespec is two 64-bit integers, below zero too', () => {
  const bytes = view(16)
  time.encodeTimespec({ tv_sec: 0x1_0000_0002, tv_nsec: -1 }, bytes)
  assert.equal(hex(bytes), '0200000001000000ffffffffffffffff')
  assert.deepEqual(time.decodeTimespec(bytes), { tv_sec: 0x1_0000_0002, tv_nsec: -1 })
})

test('64-bit integers come back as they were, to the last safe one', () => {
  for (const value of [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 5, 2 ** 53 - 1, 1 - 2 ** 53]) {
    const bytes = view(8)
    time.writeInt64(bytes, 0, value)
    assert.equal(bytes.getBigInt64(0, true), BigInt(value))
    assert.equal(time.readInt64(bytes, 0), value)
  }
})

test('a timeval and an itimerspec come back as they were', () => {
  const bytes = view(48)
  time.encodeTimeval({ tv_sec: 3, tv_usec: 999_999 }, bytes, 32)
  assert.deepEqual(time.decodeTimeval(bytes, 32), { tv_sec: 3, tv_usec: 999_999 })
  const timer = { it_interval: { tv_sec: 1, tv_nsec: 2 }, it_value: { tv_sec: 3, tv_nsec: 4 } }
  time.encodeItimerspec(timer, bytes)
  assert.deepEqual(time.decodeItimerspec(bytes), timer)
})

test('milliseconds become seconds and nanoseconds', () => {
  assert.deepEqual(time.msToTimespec(1500), { tv_sec: 1, tv_nsec: 500_000_000 })
})

test('a pollfd has events in its lower half word and revents in the upper one', () => {
  const words = new Int32Array(4).fill(-1)
  encodePollfds(
    [
      { fd: 7, events: 5 },
      { fd: -1, events: 0x2001 },
    ],
    words,
  )
  assert.deepEqual([...words], [7, 5, -1, 0x2001])
  const fds = [
    { fd: 7, events: 5, revents: 0 },
    { fd: -1, events: 1 },
  ]
  words[1] = (0x8010 << 16) | 5
  decodeRevents(words, fds)
  assert.deepEqual(
    fds.map((entry) => entry.revents),
    [0x8010, 0],
  )
})

test('an epoll_event is packed on x86-64, and aligned on arm64', () => {
  for (const [arch, expected] of [
    ['x64', '05000080efcdab8967452301'],
    ['arm64', '0500008000000000efcdab8967452301'],
  ] as const) {
    const layout = layouts[arch].glibc.epoll_event
    const bytes = view(layout.size)
    bytes.setBigUint64(layout.members.data[0], 0n, true)
    encodeEpollEvent({ events: 0x8000_0005, data: 0x3_4567_89ab }, bytes, 0, layout)
    const events = [{ events: 0, data: 0 }]
    decodeEpollEvents(bytes, 1, events, layout)
    assert.deepEqual(events, [{ events: 0x8000_0005, data: 0x3_4567_89ab }])
    bytes.setBigUint64(layout.members.data[0], 0x0123456789abcdefn, true)
    assert.equal(hex(bytes), expected)
  }
})

test('events beyond those in the list are added, and objects used again', () => {
  const layout = layouts.arm64.glibc.epoll_event
  const bytes = view(2 * layout.size)
  encodeEpollEvent({ events: 1, data: 10 }, bytes, 0, layout)
  encodeEpollEvent({ events: 4, data: 11 }, bytes, layout.size, layout)
  const kept = { events: 9, data: 9 }
  const events = [kept]
  decodeEpollEvents(bytes, 2, events, layout)
  assert.equal(events[0], kept)
  assert.deepEqual(events, [
    { events: 1, data: 10 },
    { events: 4, data: 11 },
  ])
})

test('a msghdr points to name, buffers and control data', () => {
  const header = message.encodeMsghdr({
    name: { address: 0x1111n, length: 16 },
    vectors: 0x2222n,
    count: 3,
    control: { address: 0x3333n, length: 24 },
  })
  const words = Array.from({ length: 7 }, (_, index) => header.readBigUInt64LE(index * 8))
  assert.deepEqual(words, [0x1111n, 16n, 0x2222n, 3n, 0x3333n, 24n, 0n])
  header.writeInt32LE(0x28, 48)
  assert.deepEqual(message.decodeMsghdr(header), { nameBytes: 16, controlBytes: 24, flags: 0x28 })
})

test('iovecs are addresses and lengths', () => {
  const vectors = message.encodeIovecs([
    { address: 1n, length: 2 },
    { address: 3n, length: 4 },
  ])
  assert.deepEqual(
    Array.from({ length: 4 }, (_, index) => vectors.readBigUInt64LE(index * 8)),
    [1n, 2n, 3n, 4n],
  )
})

test('control messages are padded to 8 bytes, and read one after the other', () => {
  assert.deepEqual([message.CMSG_SPACE(4), message.CMSG_LEN(4), message.CMSG_SPACE(8)], [24, 20, 24])
  const control = Buffer.concat([
    message.encodeControl({ level: 1, type: 1, data: message.encodeRights([5]) }),
    message.encodeControl({ level: 1, type: 1, data: message.encodeRights([6, 7]) }),
  ])
  assert.equal(control.length, 48)
  const decoded = message.decodeControl(control)
  assert.deepEqual(
    decoded.map(({ level, type, data }) => [level, type, message.decodeRights(data)]),
    [
      [1, 1, [5]],
      [1, 1, [6, 7]],
    ],
  )
})

test('control data that were cut give what is whole, and a length of nonsense ends the list', () => {
  const control = message.encodeControl({ level: 1, type: 1, data: message.encodeRights([5, 6]) })
  const [cut] = message.decodeControl(control.subarray(0, 20))
  assert.deepEqual(message.decodeRights(cut?.data ?? new Uint8Array(0)), [5])
  assert.deepEqual(message.decodeControl(Buffer.alloc(24)), [])
  assert.deepEqual(message.decodeControl(Buffer.alloc(7)), [])
})

test('linger and ucred are 32-bit integers', () => {
  assert.deepEqual(decodeLinger(encodeLinger({ l_onoff: 1, l_linger: 30 })), { l_onoff: 1, l_linger: 30 })
  const credentials = Buffer.from(Int32Array.of(12, -1, 1000).buffer)
  assert.deepEqual(decodeUcred(credentials), { pid: 12, uid: 0xffff_ffff, gid: 1000 })
})

test('only whole signalfd_siginfo are decoded', () => {
  const buffer = Buffer.alloc(256)
  buffer.writeUInt32LE(12, 0)
  buffer.writeInt32LE(-1, 8)
  buffer.writeUInt32LE(4711, 12)
  buffer.writeInt32LE(-7, 44)
  const [first, second] = decodeSiginfos(buffer, 200)
  assert.deepEqual([first?.ssi_signo, first?.ssi_code, first?.ssi_pid, first?.ssi_int], [12, -1, 4711, -7])
  assert.equal(second, undefined)
})
