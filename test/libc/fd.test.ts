import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { O_CLOEXEC, O_NONBLOCK, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../src/libc/constants.js'
import { close, close_range, dup2, fcntl, pipe2, read, readText, setNonBlocking, write } from '../../src/libc/fd.js'
import { PosixError } from '../../src/libc/posix-error.js'
import { socketpair } from '../../src/libc/socket.js'

const text = (buffer: Buffer, count: number | undefined): string => buffer.toString('utf8', 0, count)

test('a pipe gives what was written, undefined while there is nothing, and 0 at its end', () => {
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC | O_NONBLOCK)
  const buffer = Buffer.alloc(16)
  assert.equal(read(readEnd, buffer), undefined)
  assert.equal(write(writeEnd, Buffer.from('hello')), 5)
  assert.equal(text(buffer, read(readEnd, buffer)), 'hello')
  close(writeEnd)
  assert.equal(read(readEnd, buffer), 0)
  close(readEnd)
})

test('a full pipe takes a part, then nothing', () => {
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC | O_NONBLOCK)
  const much = Buffer.alloc(1024 * 1024)
  assert.equal(write(writeEnd, much), 65536)
  assert.equal(write(writeEnd, much), undefined)
  close(readEnd)
  assert.throws(() => write(writeEnd, much), { name: 'PosixError', code: 'EPIPE', errno: -32, syscall: 'write' })
  close(writeEnd)
})

test('only as many bytes are read or written as asked', () => {
  const [one, other] = socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
  assert.equal(write(one, Buffer.from('hello'), 3), 3)
  const buffer = Buffer.alloc(16)
  assert.equal(text(buffer, read(other, buffer, 2)), 'he')
  assert.equal(text(buffer, read(other, buffer)), 'l')
  close(one)
  close(other)
})

test('a descriptor that is closed is an error that says so, worded as Node words it', () => {
  assert.throws(
    () => close(1_000_000),
    (error: PosixError) => {
      assert.ok(error instanceof PosixError && error instanceof Error)
      assert.equal(error.message, 'EBADF: bad file descriptor, close fd 1000000')
      assert.deepEqual([error.code, error.errno, error.syscall, error.fd], ['EBADF', -9, 'close', 1_000_000])
      return true
    },
  )
})

test('close_range closes both ends and does not mind holes', () => {
  const [readEnd] = pipe2(O_CLOEXEC)
  for (const fd of [900, 901, 905]) dup2(readEnd, fd)
  close_range(900, 905)
  for (const fd of [900, 901, 905]) assert.throws(() => fcntl(fd, 1), { code: 'EBADF' })
  close(readEnd)
})

test('non-blocking is switched on and off', () => {
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC)
  assert.equal(fcntl(readEnd, 3) & O_NONBLOCK, 0)
  setNonBlocking(readEnd, true)
  assert.equal(fcntl(readEnd, 3) & O_NONBLOCK, O_NONBLOCK)
  setNonBlocking(readEnd, false)
  assert.equal(fcntl(readEnd, 3) & O_NONBLOCK, 0)
  close(readEnd)
  close(writeEnd)
})

test('readText gives what a file of the kernel’s says, however long, and nothing where there is none', () => {
  assert.equal(readText('/proc/self/nothing'), undefined)
  assert.equal(readText('/proc'), undefined)
  assert.equal(readText('/proc/self/comm'), readFileSync('/proc/self/comm', 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'tined-'))
  const path = join(folder, 'file')
  try {
    for (const length of [0, 1023, 1024, 1025, 100_000]) {
      writeFileSync(path, 'é'.padEnd(length, 'x').slice(0, length))
      assert.equal(readText(path), readFileSync(path, 'utf8'))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
