/** With a handler installed that is never called: blocking calls refuse what C refuses, at once, and wait for the same. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import * as posix from '../../../src/posix/index.js'
import { connection, elapsedMs, fill, join, listener, onUsr1, pair, whenThisSleeps } from '../at-hand.js'
import type { Cases } from '../case.js'
import { fails, until } from '../expect.js'

/** A folder for a socket or FIFO, which goes with the case. */
function inFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(`${tmpdir()}/tined-conformance-`)
  try {
    act(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A unix listener whose queue is full, and a socket that may not connect yet. */
function fullQueue(folder: string): { listening: posix.Fd; waiting: posix.Fd; path: string } {
  const path = `${folder}/socket`
  const listening = posix.socket(posix.AF_UNIX, posix.SOCK_STREAM)
  posix.bind(listening, { path })
  posix.listen(listening, 0)
  posix.connect(posix.socket(posix.AF_UNIX, posix.SOCK_STREAM), { path })
  return { listening, waiting: posix.socket(posix.AF_UNIX, posix.SOCK_STREAM), path }
}

export const cases: Cases = {
  'accept(2): a socket that does not listen is EINVAL, a datagram one EOPNOTSUPP (Node: ENOTSUP), a pipe ENOTSOCK':
    () => {
      onUsr1()
      const [client] = connection()
      fails('EINVAL', () => posix.accept(client))
      fails('ENOTSUP', () => posix.accept(posix.socket(posix.AF_INET, posix.SOCK_DGRAM)))
      fails('ENOTSOCK', () => posix.accept(posix.pipe()[0]))
      fails('EBADF', () => posix.accept(987))
    },
  'read(2): of no bytes it returns 0, from a pipe with nothing in it, too': () => {
    onUsr1()
    assert.equal(posix.read(posix.pipe()[0], Buffer.alloc(0)), 0)
    assert.equal(posix.read(pair()[0], Buffer.alloc(10), 0), 0)
  },
  'write(2): of no bytes it returns 0, to a pipe that is full, too': () => {
    onUsr1()
    const [, writeEnd] = posix.pipe()
    fill(writeEnd)
    assert.equal(posix.write(writeEnd, Buffer.alloc(0)), 0)
    assert.equal(posix.write(writeEnd, 'x', 0), 0)
  },
  'read(2): a socket that is not connected is ENOTCONN, a listening one too, an epoll EINVAL': () => {
    onUsr1()
    fails('ENOTCONN', () => posix.read(posix.socket(posix.AF_INET, posix.SOCK_STREAM), Buffer.alloc(1)))
    fails('ENOTCONN', () => posix.read(listener(), Buffer.alloc(1)))
    fails('ENOTCONN', () => posix.recv(listener(), Buffer.alloc(1)))
    fails('EINVAL', () => posix.read(posix.epoll_create1(), Buffer.alloc(1)))
  },
  'connect(2): a second one is EISCONN': () => {
    onUsr1()
    const listening = listener()
    const client = posix.socket(posix.AF_INET, posix.SOCK_STREAM)
    assert.equal(posix.connect(client, posix.getsockname(listening)), true)
    fails('EISCONN', () => posix.connect(client, posix.getsockname(listening)))
  },
  'connect(2): nobody who listens is ECONNREFUSED': () => {
    onUsr1()
    const listening = listener()
    const address = posix.getsockname(listening)
    posix.close(listening)
    fails('ECONNREFUSED', () => posix.connect(posix.socket(posix.AF_INET, posix.SOCK_STREAM), address))
  },
  'connect(2): to a unix socket whose queue is full it waits until there is room': () =>
    inFolder((folder) => {
      onUsr1()
      const { listening, waiting, path } = fullQueue(folder)
      const child = whenThisSleeps(() => {
        posix.accept(listening)
        posix.accept(listening)
      })
      assert.equal(posix.connect(waiting, { path }), true)
      join(child)
    }),
  'connect(2): while it waits for room a handler without SA_RESTART ends it with EINTR, one with it does not': () =>
    inFolder((folder) => {
      const calls = onUsr1()
      const { listening, waiting, path } = fullQueue(folder)
      const me = posix.getpid()
      const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
      fails('EINTR', () => posix.connect(waiting, { path }))
      join(child)
      assert.equal(calls.length, 1)
      const again = onUsr1(posix.SA_RESTART)
      const [readEnd, writeEnd] = posix.pipe()
      posix.signal(posix.SIGUSR2, () => posix.write(writeEnd, 'x'))
      const other = whenThisSleeps(() => {
        posix.kill(me, posix.SIGUSR1)
        posix.kill(me, posix.SIGUSR2)
        posix.read(readEnd, Buffer.alloc(1))
        posix.accept(listening)
        posix.accept(listening)
      })
      assert.equal(posix.connect(waiting, { path }), true)
      join(other)
      assert.equal(again.length, 1)
    }),
  'fifo(7): while open waits for the other end handlers run, and it ends with EINTR or goes on': () =>
    inFolder((folder) => {
      const path = `${folder}/fifo`
      posix.mkfifo(path, 0o600)
      const calls = onUsr1()
      const me = posix.getpid()
      const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
      fails('EINTR', () => posix.open(path, posix.O_RDONLY))
      join(child)
      const [readEnd, writeEnd] = posix.pipe()
      posix.sigaction(posix.SIGUSR1, {
        sa_handler: (signal) => {
          calls.push(signal)
          posix.write(writeEnd, 'x')
        },
        sa_flags: posix.SA_RESTART,
      })
      const other = whenThisSleeps(() => {
        posix.kill(me, posix.SIGUSR1)
        posix.read(readEnd, Buffer.alloc(1))
        posix.write(posix.open(path, posix.O_WRONLY), 'hello')
      })
      const fifo = posix.open(path, posix.O_RDONLY)
      assert.equal(posix.read(fifo, Buffer.alloc(10)), 5)
      join(other)
      assert.equal(calls.length, 2)
    }),
  'flock(2): while it waits for the lock handlers run, and it ends with EINTR': () =>
    inFolder((folder) => {
      const path = `${folder}/file`
      const ours = posix.open(path, posix.O_RDWR | posix.O_CREAT)
      posix.flock(ours, posix.LOCK_EX)
      const calls = onUsr1()
      const me = posix.getpid()
      const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
      const other = posix.open(path, posix.O_RDWR)
      assert.equal(posix.flock(other, posix.LOCK_EX | posix.LOCK_NB), false)
      fails('EINTR', () => posix.flock(other, posix.LOCK_EX))
      join(child)
      assert.equal(calls.length, 1)
      posix.flock(ours, posix.LOCK_UN)
      assert.equal(posix.flock(other, posix.LOCK_EX), true)
    }),
  'poll(2): as many entries as there may be descriptors are fine, one more is EINVAL': () => {
    const most = 64
    const calls = onUsr1()
    posix.setrlimit(posix.RLIMIT_NOFILE, { soft: most, hard: most })
    const [readEnd, writeEnd] = posix.pipe()
    const entries = Array.from({ length: most }, () => ({ fd: readEnd as number, events: posix.POLLIN, revents: 0 }))
    assert.equal(posix.poll(entries, 0), 0)
    fails('EINVAL', () => posix.poll([...entries, { fd: readEnd, events: posix.POLLIN }], 0))
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    fails('EINTR', () => posix.poll(entries, -1))
    join(child)
    assert.equal(calls.length, 1)
    posix.write(writeEnd, 'x')
    assert.equal(posix.poll(entries, -1), most)
  },
  'close_range(2): with ~0 it closes all; handlers run as before, and what the program opens then stays as it is':
    () => {
      const calls = onUsr1()
      posix.poll([], 0)
      posix.close_range(3, ~0)
      const [readEnd, writeEnd] = posix.pipe()
      for (let fd = 3; fd < 1000; fd++) if (fd !== readEnd && fd !== writeEnd) posix.dup2(writeEnd, fd)
      const me = posix.getpid()
      const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
      fails('EINTR', () => posix.poll([{ fd: readEnd, events: posix.POLLIN }], -1))
      join(child)
      assert.equal(calls.length, 1)
      let garbage: object[] = []
      for (let index = 0; index < 2e6; index++) {
        garbage.push({ index })
        if (garbage.length > 3e5) garbage = []
      }
      assert.equal(posix.poll([{ fd: readEnd, events: posix.POLLIN }], 0), 0, 'nobody else has written there')
    },
  'dup2(2): onto any number a program’s handlers run as before': () => {
    const calls = onUsr1()
    posix.poll([], 0)
    const [readEnd] = posix.pipe()
    for (let fd = 880; fd < 1000; fd++) posix.dup2(readEnd, fd)
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    fails('EINTR', () => posix.read(readEnd, Buffer.alloc(1)))
    join(child)
    assert.equal(calls.length, 1)
    until(() => posix.fcntl(950, posix.F_GETFD) >= 0)
  },
  'socket(7): SO_RCVTIMEO and SO_SNDTIMEO end a call that waits, which then would block': () => {
    onUsr1()
    const [one] = pair()
    const soon = { tv_sec: 0, tv_usec: 20_000 }
    const listening = listener()
    for (const fd of [one, listening]) {
      posix.setsockopt(fd, posix.SOL_SOCKET, posix.SO_RCVTIMEO, soon)
      posix.setsockopt(fd, posix.SOL_SOCKET, posix.SO_SNDTIMEO, soon)
    }
    const buffer = Buffer.alloc(1)
    const calls = {
      read: () => posix.read(one, buffer),
      recv: () => posix.recv(one, buffer, 0),
      recvfrom: () => posix.recvfrom(one, buffer, 0),
      'recv of all': () => posix.recv(one, buffer, posix.MSG_WAITALL),
      accept: () => posix.accept(listening),
    }
    for (const [name, call] of Object.entries(calls))
      assert.ok(elapsedMs(() => assert.equal(call(), undefined, name)) >= 19, name)
    fill(one)
    for (const call of [() => posix.write(one, 'x'), () => posix.send(one, 'x', 0)])
      assert.ok(elapsedMs(() => assert.equal(call(), undefined)) >= 19)
  },
  'signal(7): with SO_RCVTIMEO a handler interrupts a call, with SA_RESTART too': () => {
    posix.sigaction(posix.SIGUSR1, { sa_handler: () => {}, sa_flags: posix.SA_RESTART })
    const [one, other] = pair()
    posix.setsockopt(one, posix.SOL_SOCKET, posix.SO_RCVTIMEO, { tv_sec: 60, tv_usec: 0 })
    const first = whenThisSleeps(() => posix.kill(posix.getppid(), posix.SIGUSR1))
    fails('EINTR', () => posix.read(one, Buffer.alloc(1)))
    join(first)
    // without one it is restarted
    posix.setsockopt(one, posix.SOL_SOCKET, posix.SO_RCVTIMEO, { tv_sec: 0, tv_usec: 0 })
    const second = whenThisSleeps(() => {
      posix.kill(posix.getppid(), posix.SIGUSR1)
      posix.write(other, 'x')
    })
    assert.equal(posix.read(one, Buffer.alloc(1)), 1)
    join(second)
  },
}
