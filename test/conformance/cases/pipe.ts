/** pipe(2), pipe(7), and read(2) and write(2) on pipes between forked processes. */
import assert from 'node:assert/strict'
import { c } from '../../../src/libc/ffi.js'
import { interruptible } from '../../../src/posix/handlers/interruptible.js'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { alarmNever, alarmOften, caughtIt, end, endsWell, fails, milliseconds, took } from '../expect.js'

const { O_CLOEXEC, O_NONBLOCK, SIG_IGN, SIGALRM, SIGPIPE } = posix
const bytes = (text: string): Buffer => Buffer.from(text)

function text(fd: number): string | undefined {
  const buffer = Buffer.alloc(100)
  const taken = posix.read(fd, buffer)
  return taken === undefined ? undefined : buffer.toString('utf8', 0, taken)
}

const readRaw: (fd: number, buffer: Buffer, count: number) => number = c('long read(int fd, void *buf, size_t count)')

export const cases: Cases = {
  'pipe(2): what is written to the second descriptor is read from the first': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.write(writeEnd, bytes('hello'))
    assert.equal(text(readEnd), 'hello')
  },
  'pipe(POSIX): the two lowest descriptors that are free': () => {
    const [first, second] = posix.pipe()
    posix.close(first)
    posix.close(second)
    assert.deepEqual([...posix.pipe()].sort(), [first, second].sort())
  },
  'pipe2(2) O_CLOEXEC and O_NONBLOCK: set on both; by pipe(2) on neither': () => {
    const flags = (fds: readonly number[]): number[] =>
      fds.flatMap((fd) => [posix.fcntl(fd, posix.F_GETFD), posix.fcntl(fd, posix.F_GETFL) & O_NONBLOCK])
    assert.deepEqual(flags(posix.pipe2(O_CLOEXEC | O_NONBLOCK)), [1, O_NONBLOCK, 1, O_NONBLOCK])
    assert.deepEqual(flags(posix.pipe()), [0, 0, 0, 0])
  },
  'pipe(7): bytes come out in the order they went in, without message boundaries': () => {
    const [readEnd, writeEnd] = posix.pipe()
    for (const part of ['a', 'bc', 'def']) posix.write(writeEnd, bytes(part))
    assert.equal(text(readEnd), 'abcdef')
  },
  'pipe(7): read is end of file once every write end is closed': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const pid = posix.fork(() => 0)
    posix.write(writeEnd, bytes('last'))
    posix.close(writeEnd)
    posix.waitpid(pid)
    assert.equal(text(readEnd), 'last')
    assert.equal(posix.read(readEnd, Buffer.alloc(1)), 0)
  },
  'pipe(7): a copy of the write end in another process holds back the end of file': () => {
    const [readEnd, writeEnd] = posix.pipe2(O_NONBLOCK)
    const [gateRead, gateWrite] = posix.pipe()
    const pid = posix.fork(() => {
      posix.close(gateWrite)
      posix.read(gateRead, Buffer.alloc(1))
    })
    posix.close(writeEnd)
    assert.equal(posix.read(readEnd, Buffer.alloc(1)), undefined)
    posix.close(gateWrite)
    posix.waitpid(pid)
    assert.equal(posix.read(readEnd, Buffer.alloc(1)), 0)
  },
  'pipe(7): read blocks until there is something': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const blocked = took(() => {
      posix.fork(() => {
        posix.nanosleep(milliseconds(30))
        posix.write(writeEnd, bytes('late'))
      })
      assert.equal(text(readEnd), 'late')
    })
    assert.ok(blocked >= 30)
    posix.wait()
  },
  'pipe(7) O_NONBLOCK: read of an empty pipe would block, write to a full one too': () => {
    const [readEnd, writeEnd] = posix.pipe2(O_NONBLOCK)
    assert.equal(posix.read(readEnd, Buffer.alloc(1)), undefined)
    while (posix.write(writeEnd, Buffer.alloc(posix.PIPE_BUF)) !== undefined);
    assert.equal(posix.write(writeEnd, Buffer.alloc(1)), undefined)
    posix.read(readEnd, Buffer.alloc(posix.PIPE_BUF))
    assert.equal(posix.write(writeEnd, Buffer.alloc(1)), 1)
  },
  'pipe(7): SIGPIPE ends who writes where nobody reads': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.close(readEnd)
    const pid = posix.fork(() => void posix.write(writeEnd, bytes('x')))
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGPIPE, core: false })
  },
  'pipe(7): with SIGPIPE ignored, EPIPE': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.close(readEnd)
    posix.signal(SIGPIPE, SIG_IGN)
    fails('EPIPE', () => posix.write(writeEnd, bytes('x')))
  },
  'write(2): with SIGPIPE caught the handler runs, and EPIPE': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.close(readEnd)
    let count = 0
    posix.signal(SIGPIPE, () => void count++)
    fails('EPIPE', () => posix.write(writeEnd, bytes('x')))
    assert.equal(count, 1)
  },
  'pipe(7): what was written outlives the writer': () => {
    const [readEnd, writeEnd] = posix.pipe()
    endsWell(posix.fork(() => void posix.write(writeEnd, bytes('testament'))))
    assert.equal(text(readEnd), 'testament')
  },
  'pipe(7): the write end cannot be read, nor the read end written: EBADF': () => {
    const [readEnd, writeEnd] = posix.pipe()
    fails('EBADF', () => posix.read(writeEnd, Buffer.alloc(1)))
    fails('EBADF', () => posix.write(readEnd, bytes('x')))
  },
  'pipe(7): two pipes carry both directions between parent and child': () => {
    const [childReads, parentWrites] = posix.pipe()
    const [parentReads, childWrites] = posix.pipe()
    const pid = posix.fork(() => void posix.write(childWrites, bytes(text(childReads)?.toUpperCase() ?? '')))
    posix.write(parentWrites, bytes('ping'))
    assert.equal(text(parentReads), 'PING')
    posix.waitpid(pid)
  },
  'signal(7): a blocked read ends with EINTR after a handler without SA_RESTART': () => {
    const [readEnd] = posix.pipe()
    posix.sigaction(SIGALRM, { sa_handler: caughtIt })
    alarmOften()
    fails('EINTR', () => text(readEnd))
    alarmNever()
  },
  'signal(7): a blocked read restarts after a handler with SA_RESTART': () => {
    const [readEnd, writeEnd] = posix.pipe()
    let count = 0
    const sa_handler = (): void => {
      if (++count === 3) posix.write(writeEnd, bytes('third'))
    }
    posix.sigaction(SIGALRM, { sa_handler, sa_flags: posix.SA_RESTART })
    alarmOften()
    assert.equal(text(readEnd), 'third')
    alarmNever()
  },
  'signal(7): a blocked read is not ended by a signal that is ignored or blocked': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.signal(posix.SIGUSR1, () => {})
    posix.signal(SIGALRM, SIG_IGN)
    alarmOften()
    const pid = posix.fork(() => {
      posix.nanosleep(milliseconds(30))
      posix.write(writeEnd, bytes('data'))
    })
    assert.equal(text(readEnd), 'data')
    alarmNever()
    posix.waitpid(pid)
  },
  'signal(7): a handler runs also in a read for which another process was faster': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.sigaction(SIGALRM, { sa_handler: caughtIt })
    posix.write(writeEnd, bytes('x'))
    alarmOften()
    const buffer = Buffer.alloc(1)
    const attempt = (): number => {
      readRaw(readEnd, buffer, 1) // what the other process does
      return readRaw(readEnd, buffer, 1)
    }
    fails('EINTR', () => interruptible('read', readEnd, posix.POLLIN, attempt))
    alarmNever()
  },
  'signal(7): the last real-time signal is the program’s once it sets it': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.signal(SIGALRM, caughtIt)
    posix.write(writeEnd, bytes('x'))
    assert.equal(text(readEnd), 'x')
    let count = 0
    posix.signal(posix.SIGRTMAX, () => void count++)
    posix.raise(posix.SIGRTMAX)
    posix.write(writeEnd, bytes('y'))
    assert.equal(text(readEnd), 'y')
    assert.equal(count, 1)
  },
}
