/** The writing side over a socket that keeps each write apart, in this process: nothing in it needs a fork. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INPUT_FAILED, send } from '../../src/client/send.js'
import { EPIPE, O_NONBLOCK, O_RDONLY, SOCK_CLOEXEC, SOCK_SEQPACKET } from '../../src/libc/constants.js'
import { close, open, pipe2, read, write } from '../../src/libc/fd.js'
import { socketpair } from '../../src/libc/socket.js'

/** Sends `input`; returns the writes that arrived, and the status. */
function sent(input: string, lines: boolean): { status: number; writes: string[] } {
  const [from, to] = pipe2()
  write(to, Buffer.from(input))
  close(to)
  const [ours, theirs] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  try {
    const status = send(from, theirs, lines)
    const writes: string[] = []
    const buffer = Buffer.alloc(64 * 1024)
    for (let count = read(ours, buffer); count; count = read(ours, buffer))
      writes.push(buffer.toString('latin1', 0, count))
    return { status, writes }
  } finally {
    for (const fd of [from, ours, theirs]) close(fd)
  }
}

test('what is read at once is sent at once, and the end of input half-closes', () => {
  assert.deepEqual(sent('one\ntwo\nthree', false), { status: 0, writes: ['one\ntwo\nthree'] })
})

test('with lines, each line is a write of its own, the last one even without its end', () => {
  assert.deepEqual(sent('one\ntwo\n\nthree', true), { status: 0, writes: ['one\n', 'two\n', '\n', 'three'] })
})

test('no input half-closes at once', () => {
  assert.deepEqual(sent('', true), { status: 0, writes: [] })
})

test('the status is the errno when the other side takes no more', () => {
  const [from, to] = pipe2()
  write(to, Buffer.from('too late'))
  const [ours, theirs] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  close(ours)
  assert.equal(send(from, theirs, false), EPIPE)
  for (const fd of [from, to, theirs]) close(fd)
})

test('a non-blocking input is waited for', () => {
  const [from, to] = pipe2(O_NONBLOCK)
  write(to, Buffer.from('x'))
  close(to)
  const [ours, theirs] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  assert.equal(send(from, theirs, false), 0)
  for (const fd of [from, ours, theirs]) close(fd)
})

test('an input that cannot be read has a status of its own', () => {
  const folder = open('/', O_RDONLY)
  const [ours, theirs] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
  assert.equal(send(folder, theirs, false), INPUT_FAILED)
  for (const fd of [folder, ours, theirs]) close(fd)
})
