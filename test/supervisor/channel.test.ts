import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../src/libc/constants.js'
import { close, write } from '../../src/libc/fd.js'
import { socketpair } from '../../src/libc/socket.js'
import { LineReader, sendLine, type ToSupervisor } from '../../src/supervisor/channel.js'

const pair = (): [number, number] => socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)

test('messages arrive in order, several in one read', () => {
  const [ours, theirs] = pair()
  const reader = new LineReader<ToSupervisor>(theirs)
  assert.deepEqual(reader.take(), [])
  sendLine(ours, { type: 'stats' })
  sendLine(ours, { type: 'stop' })
  assert.deepEqual(reader.take(), [{ type: 'stats' }, { type: 'stop' }])
  close(ours)
  assert.deepEqual(reader.take(), [])
  assert.equal(reader.ended, true)
  close(theirs)
})

test('a message that comes in pieces is put together, letters of several bytes included', () => {
  const [ours, theirs] = pair()
  const reader = new LineReader<{ text: string }>(theirs)
  const got: { text: string }[] = []
  for (const byte of Buffer.from('{"text":"grüße 🌳"}\n')) {
    write(ours, Buffer.of(byte))
    got.push(...reader.take())
  }
  assert.deepEqual(got, [{ text: 'grüße 🌳' }])
  close(ours)
  close(theirs)
})

test('a message longer than one read arrives whole', () => {
  const [ours, theirs] = pair()
  const reader = new LineReader<{ type: 'failed'; message: string }>(theirs)
  const message = 'ü'.repeat(10_000)
  sendLine(ours, { type: 'failed', message, exitCode: 1 })
  assert.equal(reader.take()[0]?.message, message)
  close(ours)
  close(theirs)
})

test('a reader whose other end was closed with messages unread has ended, and sending there is harmless', () => {
  const [ours, theirs] = pair()
  sendLine(ours, { type: 'stats' })
  close(theirs)
  const reader = new LineReader(ours)
  assert.deepEqual(reader.take(), [])
  assert.equal(reader.ended, true)
  sendLine(ours, { type: 'stats' })
  close(ours)
})

test('a full channel drops messages instead of blocking', () => {
  const [ours, theirs] = pair()
  for (let count = 0; count < 20_000; count++) sendLine(ours, { type: 'stats' })
  close(ours)
  close(theirs)
})
