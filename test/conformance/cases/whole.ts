/** With a handler installed that is never called: what C sends or receives whole is whole here. */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import { connection, fill, join, onUsr1, pair, whenThisSleeps } from '../at-hand.js'
import type { Cases } from '../case.js'
import { end, fails, stateOf, until } from '../expect.js'

const MANY = 2_000_000

/** Receives until the end, in a child: the count must be this. */
const receiver = (fd: posix.Fd, close: posix.Fd, expected: number): number =>
  posix.fork(() => {
    posix.close(close)
    const buffer = Buffer.alloc(65_536)
    let all = 0
    for (let taken = posix.read(fd, buffer); taken; taken = posix.read(fd, buffer)) all += taken
    assert.equal(all, expected)
  })

/** Sends in two parts: the second once the parent waits for it. */
const inTwoParts = (fd: posix.Fd): number => {
  posix.write(fd, 'first')
  return whenThisSleeps(() => posix.write(fd, 'second'))
}

export const cases: Cases = {
  'recv(2): MSG_WAITALL waits until all of it is there': () => {
    onUsr1()
    for (const [one, other] of [connection(), pair()]) {
      const child = inTwoParts(one)
      const buffer = Buffer.alloc(11)
      assert.equal(posix.recv(other, buffer, posix.MSG_WAITALL), 11)
      assert.equal(buffer.toString(), 'firstsecond')
      join(child)
    }
  },
  'recvfrom(2), recvmsg(2): so do these': () => {
    onUsr1()
    const [one, other] = pair()
    const buffer = Buffer.alloc(11)
    const first = inTwoParts(one)
    assert.equal(posix.recvfrom(other, buffer, posix.MSG_WAITALL), 11)
    join(first)
    const second = inTwoParts(one)
    const pieces = [Buffer.alloc(3), Buffer.alloc(8)] as const
    assert.equal(posix.recvmsg(other, { msg_iov: pieces }, posix.MSG_WAITALL), 11)
    assert.equal(Buffer.concat(pieces).toString(), 'firstsecond')
    join(second)
  },
  'recv(2): MSG_WAITALL gives less when the other end has shut down': () => {
    onUsr1()
    const [one, other] = pair()
    posix.write(one, 'first')
    posix.close(one)
    assert.equal(posix.recv(other, Buffer.alloc(11), posix.MSG_WAITALL), 5)
    assert.equal(posix.recv(other, Buffer.alloc(11), posix.MSG_WAITALL), 0)
  },
  'recv(2): MSG_WAITALL gives less when a handler has run, with SA_RESTART as well': () => {
    for (const flags of [0, posix.SA_RESTART]) {
      const calls = onUsr1(flags)
      const [one, other] = pair()
      posix.write(one, 'first')
      const me = posix.getpid()
      const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
      assert.equal(posix.recv(other, Buffer.alloc(11), posix.MSG_WAITALL), 5)
      assert.equal(calls.length, 1)
      join(child)
    }
  },
  'recv(2): MSG_WAITALL does not join datagrams': () => {
    onUsr1()
    const [one, other] = pair(posix.SOCK_DGRAM)
    posix.write(one, 'first')
    posix.write(one, 'second')
    assert.equal(posix.recv(other, Buffer.alloc(11), posix.MSG_WAITALL), 5)
  },
  'sendmsg(2): on a blocking socket all of it is sent': () => {
    onUsr1()
    const [one, other] = pair()
    const child = receiver(other, one, MANY)
    posix.close(other)
    const pieces = [Buffer.alloc(MANY / 2), Buffer.alloc(MANY / 2)]
    assert.equal(posix.sendmsg(one, { msg_iov: pieces }), MANY)
    posix.close(one)
    join(child)
  },
  'send(2), write(2), writev(2): the same': () => {
    onUsr1()
    const data = Buffer.alloc(MANY)
    for (const send of [
      (fd: posix.Fd) => posix.send(fd, data),
      (fd: posix.Fd) => posix.write(fd, data),
      (fd: posix.Fd) => posix.writev(fd, [data]),
    ]) {
      const [one, other] = connection()
      const child = receiver(other, one, MANY)
      posix.close(other)
      assert.equal(send(one), MANY)
      posix.close(one)
      join(child)
    }
  },
  'signal(7): of many writers to a full pipe none stays in write when a signal comes': () => {
    const [readEnd, writeEnd] = posix.pipe()
    for (let round = 0; round < 5; round++) {
      fill(writeEnd)
      const writers = Array.from({ length: 6 }, () =>
        posix.fork(() => {
          onUsr1()
          try {
            posix.write(writeEnd, Buffer.alloc(posix.PIPE_BUF))
          } catch (error) {
            return (error as posix.PosixError).code === 'EINTR' ? 4 : 9
          }
          return 5
        }),
      )
      until(() => writers.every((pid) => stateOf(pid) === 'S'))
      // room for one: all are woken, and five find none
      posix.read(readEnd, Buffer.alloc(posix.PIPE_BUF))
      for (const pid of writers) posix.kill(pid, posix.SIGUSR1)
      const ends = writers.map((pid) => end(pid))
      for (const { type } of ends) assert.equal(type, 'exited')
      posix.setNonBlocking(readEnd, true)
      const buffer = Buffer.alloc(65_536)
      while (posix.read(readEnd, buffer) !== undefined);
    }
  },
  'write(2): a write of up to PIPE_BUF bytes stays in one piece': () => {
    onUsr1()
    const [readEnd, writeEnd] = posix.pipe()
    const writers = [1, 2, 3].map((letter) =>
      posix.fork(() => {
        for (let line = 0; line < 200; line++) posix.write(writeEnd, Buffer.alloc(3000, letter))
      }),
    )
    posix.close(writeEnd)
    const parts: Buffer[] = []
    const buffer = Buffer.alloc(65_536)
    for (let taken = posix.read(readEnd, buffer); taken; taken = posix.read(readEnd, buffer))
      parts.push(Buffer.from(buffer.subarray(0, taken)))
    const all = Buffer.concat(parts)
    assert.equal(all.length, 3 * 200 * 3000)
    for (let at = 0; at < all.length; at += 3000)
      assert.ok(all.subarray(at, at + 3000).equals(Buffer.alloc(3000, all[at])))
    for (const pid of writers) join(pid)
  },
  'sendmsg(2): a datagram that is too long is EMSGSIZE': () => {
    onUsr1()
    const [one] = pair(posix.SOCK_DGRAM)
    fails('EMSGSIZE', () => posix.sendmsg(one, { msg_iov: [Buffer.alloc(MANY)] }))
  },
}
