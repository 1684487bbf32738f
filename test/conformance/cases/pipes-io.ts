/** pipe(7), read(2), write(2), readv(2), dup(2), fcntl(2), open(2), fsync(2), flock(2). */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import * as posix from '../../../src/posix/index.js'
import { fill, join, onUsr1, pair, readText, whenThisSleeps } from '../at-hand.js'
import type { Cases } from '../case.js'

const { F_GETFD, F_GETFL, FD_CLOEXEC, O_CLOEXEC, O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY, PIPE_BUF } = posix
const { close, dup, dup2, dup3, fcntl, open, pipe, pipe2, read, write } = posix

const fails = (code: string, act: () => void): void => assert.throws(act, { name: 'PosixError', code })

/** A file of its own, gone afterwards. */
function withFile(act: (path: string) => void): void {
  const folder = mkdtempSync(pathOf(tmpdir(), 'tined-conformance-'))
  try {
    act(pathOf(folder, 'file'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const cases: Cases = {
  'pipe(7): a write of PIPE_BUF bytes is atomic under 8 writers': () => {
    const [readEnd, writeEnd] = pipe()
    const each = 40
    const writers = Array.from({ length: 8 }, (_, writer) =>
      posix.fork(() => {
        close(readEnd)
        for (let round = 0; round < each; round++) write(writeEnd, Buffer.alloc(PIPE_BUF, writer + 1))
      }),
    )
    close(writeEnd)
    const all = Buffer.alloc(8 * each * PIPE_BUF + 1)
    let end = 0
    for (let taken = read(readEnd, all); taken; taken = read(readEnd, all.subarray(end))) end += taken
    assert.equal(end, 8 * each * PIPE_BUF)
    for (let at = 0; at < end; at += PIPE_BUF) {
      const block = all.subarray(at, at + PIPE_BUF)
      assert.ok(
        block.every((byte) => byte === block[0]),
        `mixed at ${at}`,
      )
    }
    writers.forEach(join)
  },
  'pipe(7): its capacity is 65,536 bytes, and F_SETPIPE_SZ rounds up to pages': () => {
    const [, writeEnd] = pipe()
    assert.equal(fill(writeEnd), 65_536)
    assert.equal(fcntl(writeEnd, posix.F_GETPIPE_SZ), 65_536)
    assert.equal(fcntl(writeEnd, posix.F_SETPIPE_SZ, 65_537), 131_072)
  },
  'pipe(7): without blocking, a write of at most PIPE_BUF is made whole or not at all': () => {
    const [readEnd, writeEnd] = pipe2(O_NONBLOCK)
    fill(writeEnd)
    fcntl(writeEnd, posix.F_SETFL, O_NONBLOCK)
    read(readEnd, Buffer.alloc(PIPE_BUF - 1))
    assert.equal(write(writeEnd, Buffer.alloc(PIPE_BUF)), undefined)
    read(readEnd, Buffer.alloc(1))
    assert.equal(write(writeEnd, Buffer.alloc(PIPE_BUF)), PIPE_BUF)
  },
  'pipe(7): without blocking, a longer write may be made in part': () => {
    const [readEnd, writeEnd] = pipe2(O_NONBLOCK)
    fill(writeEnd)
    fcntl(writeEnd, posix.F_SETFL, O_NONBLOCK)
    read(readEnd, Buffer.alloc(PIPE_BUF))
    assert.equal(write(writeEnd, Buffer.alloc(3 * PIPE_BUF)), PIPE_BUF)
  },
  'pipe(7): a read is end of file only when every copy of the write end is closed': () => {
    const [readEnd, writeEnd] = pipe2(O_NONBLOCK)
    const copy = dup(writeEnd)
    close(writeEnd)
    assert.equal(read(readEnd, Buffer.alloc(1)), undefined)
    close(copy)
    assert.equal(read(readEnd, Buffer.alloc(1)), 0)
  },
  'pipe(7): what was written before the write end was closed is still read': () => {
    const [readEnd, writeEnd] = pipe()
    write(writeEnd, 'left')
    close(writeEnd)
    assert.deepEqual([readText(readEnd), readText(readEnd)], ['left', ''])
  },
  'pipe(7): a write without a reader is EPIPE when SIGPIPE is ignored': () => {
    posix.signal(posix.SIGPIPE, posix.SIG_IGN)
    const [readEnd, writeEnd] = pipe()
    close(readEnd)
    fails('EPIPE', () => write(writeEnd, 'x'))
  },
  'pipe(7): a write without a reader is SIGPIPE, which ends the process': () => {
    const child = posix.fork(() => {
      const [readEnd, writeEnd] = pipe()
      close(readEnd)
      write(writeEnd, 'x')
    })
    assert.equal(posix.WTERMSIG(posix.waitpid(child).status), posix.SIGPIPE)
  },
  'pipe(7): a read blocks until something is written': () => {
    const [readEnd, writeEnd] = pipe()
    const child = whenThisSleeps(() => write(writeEnd, 'at last'))
    assert.equal(readText(readEnd), 'at last')
    join(child)
  },
  'pipe(2): writing to the read end and reading from the write end are EBADF': () => {
    const [readEnd, writeEnd] = pipe()
    fails('EBADF', () => write(readEnd, 'x'))
    fails('EBADF', () => read(writeEnd, Buffer.alloc(1)))
    onUsr1() // with a handler installed as well
    fails('EBADF', () => write(readEnd, 'x'))
    fails('EBADF', () => read(writeEnd, Buffer.alloc(1)))
  },
  'pipe(2): both ends are the lowest free descriptors': () => {
    const [first, second] = pipe()
    close(first)
    close(second)
    assert.deepEqual(pipe(), [first, second])
  },
  'pipe2(2): O_CLOEXEC and O_NONBLOCK are set on both ends': () => {
    for (const fd of pipe2(O_CLOEXEC | O_NONBLOCK)) {
      assert.equal(fcntl(fd, F_GETFD), FD_CLOEXEC)
      assert.ok(fcntl(fd, F_GETFL) & O_NONBLOCK)
    }
  },
  'pipe2(2): flags that it does not know are EINVAL': () => {
    fails('EINVAL', () => pipe2(0x7))
  },
  'pipe2(2): with O_DIRECT each write is a packet, and a short buffer loses the rest': () => {
    const [readEnd, writeEnd] = pipe2(posix.O_DIRECT)
    write(writeEnd, 'first')
    write(writeEnd, 'second')
    const short = Buffer.alloc(2)
    assert.equal(read(readEnd, short), 2)
    assert.equal(readText(readEnd), 'second')
  },
  'read(2): a count of 0 reads nothing and finds errors': () => {
    const [readEnd] = pipe()
    assert.equal(read(readEnd, Buffer.alloc(0)), 0)
    fails('EBADF', () => read(987, Buffer.alloc(0)))
  },
  'read(2): a directory is EISDIR': () => {
    fails('EISDIR', () => read(open('/', O_RDONLY), Buffer.alloc(1)))
  },
  'read(2): it returns what is there, which may be fewer bytes than asked for': () => {
    const [readEnd, writeEnd] = pipe()
    write(writeEnd, 'abc')
    assert.equal(read(readEnd, Buffer.alloc(10)), 3)
  },
  'read(2): a handler without SA_RESTART interrupts it before anything was read': () => {
    const [readEnd] = pipe()
    const calls = onUsr1()
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    fails('EINTR', () => read(readEnd, Buffer.alloc(1)))
    assert.equal(calls.length, 1)
    join(child)
  },
  'signal(7): with SA_RESTART a read goes on after the handler': () => {
    const [readEnd, writeEnd] = pipe()
    const calls = onUsr1(posix.SA_RESTART)
    const me = posix.getpid()
    const child = whenThisSleeps(() => {
      posix.kill(me, posix.SIGUSR1)
      write(writeEnd, 'after')
    })
    assert.equal(readText(readEnd), 'after')
    assert.equal(calls.length, 1)
    join(child)
  },
  'write(2): a handler without SA_RESTART cuts a long write short; what was written counts': () => {
    const [readEnd, writeEnd] = pipe()
    onUsr1()
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    assert.equal(write(writeEnd, Buffer.alloc(1_000_000)), 65_536)
    join(child)
    assert.equal(read(readEnd, Buffer.alloc(1_000_000)), 65_536)
  },
  'write(2): a handler with SA_RESTART cuts a long write short as well, once something was written': () => {
    const [readEnd, writeEnd] = pipe()
    const calls = onUsr1(posix.SA_RESTART)
    const me = posix.getpid()
    const child = whenThisSleeps(() => posix.kill(me, posix.SIGUSR1))
    assert.equal(write(writeEnd, Buffer.alloc(300_000)), 65_536)
    join(child)
    assert.equal(calls.length, 1)
    assert.equal(read(readEnd, Buffer.alloc(300_000)), 65_536)
  },
  'write(2): a file that was opened to be read only is EBADF': () => {
    fails('EBADF', () => write(open('/proc/self/exe', O_RDONLY), 'x'))
  },
  'close(2): a descriptor that is closed is EBADF': () => {
    const [readEnd] = pipe()
    close(readEnd)
    fails('EBADF', () => close(readEnd))
  },
  'dup(2): the copy is the lowest free descriptor': () => {
    const [readEnd, writeEnd] = pipe()
    const low = dup(readEnd)
    close(low)
    assert.equal(dup(writeEnd), low)
  },
  'dup(2): a copy shares the file offset and the status flags': () => {
    withFile((path) => {
      const file = open(path, O_RDWR | O_CREAT)
      const copy = dup(file)
      write(file, 'one')
      write(copy, 'two')
      assert.equal(readFileSync(path, 'utf8'), 'onetwo')
      fcntl(file, posix.F_SETFL, O_NONBLOCK)
      assert.ok(fcntl(copy, F_GETFL) & O_NONBLOCK)
    })
  },
  'dup(2): FD_CLOEXEC belongs to one descriptor and is not copied': () => {
    const [readEnd] = pipe2(O_CLOEXEC)
    assert.equal(fcntl(dup(readEnd), F_GETFD), 0)
  },
  'dup(2): a descriptor that is not open is EBADF': () => {
    fails('EBADF', () => dup(987))
  },
  'dup2(2): what the new descriptor was is closed silently': () => {
    const [readEnd, writeEnd] = pipe()
    const [otherRead, otherWrite] = pipe()
    assert.equal(dup2(otherWrite, writeEnd), writeEnd)
    assert.equal(read(readEnd, Buffer.alloc(1)), 0)
    write(writeEnd, 'x')
    assert.equal(readText(otherRead), 'x')
  },
  'dup2(2): when the old descriptor is not open, the new one stays open': () => {
    const [readEnd, writeEnd] = pipe()
    fails('EBADF', () => dup2(987, readEnd))
    write(writeEnd, 'x')
    assert.equal(readText(readEnd), 'x')
  },
  'dup2(2): with equal descriptors it does nothing; dup3 says EINVAL': () => {
    const [readEnd] = pipe2(O_CLOEXEC)
    assert.equal(dup2(readEnd, readEnd), readEnd)
    assert.equal(fcntl(readEnd, F_GETFD), FD_CLOEXEC)
    fails('EINVAL', () => dup3(readEnd, readEnd, 0))
  },
  'dup3(2): O_CLOEXEC sets the flag of the new descriptor, other flags are EINVAL': () => {
    const [readEnd, writeEnd] = pipe()
    assert.equal(fcntl(dup3(readEnd, writeEnd, O_CLOEXEC), F_GETFD), FD_CLOEXEC)
    fails('EINVAL', () => dup3(readEnd, writeEnd, O_NONBLOCK))
  },
  'fcntl(2): F_DUPFD takes the lowest free descriptor from its argument on': () => {
    const [readEnd] = pipe()
    assert.equal(fcntl(readEnd, posix.F_DUPFD, 400), 400)
    assert.equal(fcntl(readEnd, posix.F_DUPFD_CLOEXEC, 400), 401)
    assert.equal(fcntl(401, F_GETFD), FD_CLOEXEC)
  },
  'fcntl(2): F_GETFL tells the access mode, which F_SETFL cannot change': () => {
    const file = open('/dev/null', O_WRONLY)
    fcntl(file, posix.F_SETFL, O_RDWR | O_NONBLOCK)
    assert.equal(fcntl(file, F_GETFL) & 0o3, O_WRONLY)
  },
  'fcntl(2): a command that it does not know is EINVAL': () => {
    fails('EINVAL', () => fcntl(pipe()[0], 9999))
  },
  'readv(2): the buffers are filled one after the other': () => {
    const [readEnd, writeEnd] = pipe()
    write(writeEnd, 'abcdefg')
    const buffers = [Buffer.alloc(2), Buffer.alloc(3), Buffer.alloc(4)]
    assert.equal(posix.readv(readEnd, buffers), 7)
    assert.deepEqual(buffers.map(String), ['ab', 'cde', 'fg\0\0'])
  },
  'writev(2): the buffers are written as one': () => {
    const [one, other] = pair(posix.SOCK_SEQPACKET)
    assert.equal(posix.writev(one, [Buffer.from('ab'), Buffer.alloc(0), Buffer.from('c')]), 3)
    assert.equal(readText(other), 'abc')
  },
  'writev(2): no buffers are no bytes, and more than IOV_MAX are refused': () => {
    const [, writeEnd] = pipe()
    assert.equal(posix.writev(writeEnd, []), 0)
    const many = Array.from({ length: posix.IOV_MAX }, () => Buffer.alloc(1))
    assert.equal(posix.writev(writeEnd, many), posix.IOV_MAX)
    assert.throws(() => posix.writev(writeEnd, [...many, Buffer.alloc(1)]), RangeError)
  },
  'open(2): O_EXCL with O_CREAT makes a file or is EEXIST': () => {
    withFile((path) => {
      open(path, O_WRONLY | O_CREAT | posix.O_EXCL)
      fails('EEXIST', () => open(path, O_WRONLY | O_CREAT | posix.O_EXCL))
      fails('ENOENT', () => open(`${path}.not`, O_RDONLY))
      fails('ENOTDIR', () => open(`${path}/below`, O_RDONLY))
    })
  },
  'open(2): with O_APPEND every write goes to the end, whoever wrote before': () => {
    withFile((path) => {
      const [one, other] = [open(path, O_WRONLY | O_CREAT | posix.O_APPEND), open(path, O_WRONLY | posix.O_APPEND)]
      for (const [fd, data] of [
        [one, 'a'],
        [other, 'b'],
        [one, 'c'],
      ] as const)
        write(fd, data)
      assert.equal(readFileSync(path, 'utf8'), 'abc')
    })
  },
  'open(2): O_TRUNC empties the file, and ftruncate gives it another length': () => {
    withFile((path) => {
      write(open(path, O_WRONLY | O_CREAT), 'text')
      const file = open(path, O_RDWR | posix.O_TRUNC)
      assert.equal(readFileSync(path, 'utf8'), '')
      posix.ftruncate(file, 3)
      assert.equal(readFileSync(path, 'utf8'), '\0\0\0')
      fails('EINVAL', () => posix.ftruncate(file, -1))
    })
  },
  'fsync(2): a pipe is EINVAL, a closed descriptor EBADF, a file well': () => {
    for (const sync of [posix.fsync, posix.fdatasync]) {
      fails('EINVAL', () => sync(pipe()[1]))
      fails('EBADF', () => sync(987))
      withFile((path) => sync(open(path, O_WRONLY | O_CREAT)))
    }
  },
  'flock(2): a lock belongs to the open file description; another one is refused it until it is released': () => {
    withFile((path) => {
      const [one, other] = [open(path, O_RDWR | O_CREAT), open(path, O_RDWR)]
      const copy = dup(one)
      assert.equal(posix.flock(one, posix.LOCK_EX | posix.LOCK_NB), true)
      assert.equal(posix.flock(copy, posix.LOCK_EX | posix.LOCK_NB), true)
      assert.equal(posix.flock(other, posix.LOCK_SH | posix.LOCK_NB), false)
      posix.flock(copy, posix.LOCK_UN)
      assert.equal(posix.flock(other, posix.LOCK_SH | posix.LOCK_NB), true)
    })
  },
  "fork(2): a child has copies of all descriptors, and closing them leaves the parent's open": () => {
    const [readEnd, writeEnd] = pipe()
    join(
      posix.fork(() => {
        close(readEnd)
        write(writeEnd, 'child')
        close(writeEnd)
      }),
    )
    write(writeEnd, ' and parent')
    assert.equal(readText(readEnd), 'child and parent')
  },
}
