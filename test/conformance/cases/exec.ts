/** execve(2): what a new program has of the one that it replaces. */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { end, endsWell } from '../expect.js'

/** What a program prints that is executed in a child with its standard output in a pipe. */
function printed(path: string, argv: readonly string[], before: () => void = () => {}): string {
  const [readEnd, writeEnd] = posix.pipe()
  const pid = posix.fork(() => {
    posix.dup2(writeEnd, 1)
    posix.close(writeEnd)
    posix.close(readEnd)
    before()
    posix.execve(path, argv, process.env)
  })
  posix.close(writeEnd)
  const bytes = Buffer.alloc(4096)
  const text = bytes.toString('utf8', 0, posix.read(readEnd, bytes))
  posix.close(readEnd)
  endsWell(pid)
  return text
}

export const cases: Cases = {
  'execve(2): descriptors stay open, 0, 1 and 2 among them': () => {
    const script = 'for fd in 0 1 2; do [ -e /proc/self/fd/$fd ] || exit 1; done; exit 7'
    const pid = posix.fork(() => posix.execve('/bin/sh', ['sh', '-c', script], process.env))
    assert.deepEqual(end(pid), { type: 'exited', code: 7 })
    for (const fd of [0, 1, 2]) assert.equal(posix.fcntl(fd, posix.F_GETFD), 0)
  },
  'execve(2): what is marked FD_CLOEXEC is closed, a standard descriptor too': () => {
    const pid = posix.fork(() => {
      posix.fcntl(0, posix.F_SETFD, posix.FD_CLOEXEC)
      posix.execve('/bin/sh', ['sh', '-c', '[ -e /proc/self/fd/0 ] || exit 7'], process.env)
    })
    assert.deepEqual(end(pid), { type: 'exited', code: 7 })
  },
  'execve(2): two programs in a pipeline, by pipe, fork and dup2': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const first = posix.fork(() => {
      posix.dup2(writeEnd, 1)
      for (const fd of [readEnd, writeEnd]) posix.close(fd)
      posix.execve('/bin/echo', ['echo', 'one\ntwo\nthree'], process.env)
    })
    posix.close(writeEnd)
    const count = printed('/bin/sh', ['sh', '-c', 'wc -l'], () => {
      posix.dup2(readEnd, 0)
      posix.close(readEnd)
    })
    assert.equal(count.trim(), '3')
    endsWell(first)
  },
  'execve(2): what is ignored stays ignored, what is caught gets its default, the mask stays': () => {
    const status = printed('/bin/cat', ['cat', '/proc/self/status'], () => {
      posix.signal(posix.SIGUSR1, posix.SIG_IGN)
      posix.signal(posix.SIGUSR2, () => {})
      posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGALRM])
    })
    const of = (name: string): bigint => BigInt(`0x${new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(status)?.[1]}`)
    const bit = (signal: number): bigint => 1n << BigInt(signal - 1)
    assert.deepEqual(
      [of('SigBlk'), of('SigIgn') & bit(posix.SIGUSR1), of('SigIgn') & bit(posix.SIGUSR2), of('SigCgt')],
      [bit(posix.SIGALRM), bit(posix.SIGUSR1), 0n, 0n],
    )
  },
  'stdio(3): what a program prints arrives whole at a slow reader, and the pipe or socket is as it was': () => {
    const text = 'x'.repeat(1_100_000)
    for (const [reader, writer] of [posix.pipe(), posix.socketpair(posix.AF_UNIX, posix.SOCK_STREAM)]) {
      const pid = posix.fork(() => {
        posix.close(reader)
        posix.dup2(writer, 1)
        console.log(text)
        console.log('end')
        assert.equal(posix.fcntl(1, posix.F_GETFL) & posix.O_NONBLOCK, 0)
      })
      assert.equal(posix.fcntl(writer, posix.F_GETFL) & posix.O_NONBLOCK, 0)
      posix.close(writer)
      const buffer = Buffer.alloc(20_000)
      let bytes = 0
      for (let taken = posix.read(reader, buffer); taken; taken = posix.read(reader, buffer)) {
        bytes += taken
        posix.usleep(1000)
      }
      assert.equal(bytes, text.length + '\nend\n'.length)
      endsWell(pid)
    }
  },
}
