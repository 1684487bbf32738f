/** Descriptors in words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { O_CLOEXEC } from '../../src/libc/constants.js'
import { close, pipe2, write } from '../../src/libc/fd.js'
import { inWords, parseFlags } from '../../src/observe/descriptor.js'
import type { Socket } from '../../src/observe/sockets.js'

test('flags of fdinfo, which are octal', () => {
  const flags = (octal: string): unknown => parseFlags(`pos:\t0\nflags:\t${octal}\nmnt_id:\t15\n`)
  assert.deepEqual(flags('02004002'), { access: 'read and write', nonBlocking: true, closeOnExec: true })
  assert.deepEqual(flags('01'), { access: 'write', nonBlocking: false, closeOnExec: false })
  assert.deepEqual(flags('0100000'), { access: 'read', nonBlocking: false, closeOnExec: false })
})

const tcp = { kind: 'tcp', local: '127.0.0.1:9190', localPort: 9190, unsentBytes: 0, unreadBytes: 0 } as const
const sockets = new Map<number, Socket>([
  [1, { ...tcp, remote: '0.0.0.0:0', state: 'LISTEN', unreadBytes: 2 }],
  [2, { ...tcp, remote: '127.0.0.1:5', state: 'CLOSE_WAIT', unreadBytes: 7, unsentBytes: 9 }],
  [3, { kind: 'unix', path: '', state: 'CONNECTED' }],
  [4, { kind: 'unix', path: 'unix:/run/x', state: 'LISTEN' }],
])

const cases: [target: string, info: string, what: string][] = [
  ['socket:[1]', '', 'listening on 127.0.0.1:9190, 2 waiting'],
  ['socket:[2]', '', 'connection with 127.0.0.1:5, CLOSE_WAIT, 7 bytes to be read, 9 bytes not confirmed'],
  ['socket:[3]', '', 'one of a pair of unix sockets [3]'],
  ['socket:[4]', '', 'listening on unix:/run/x'],
  ['socket:[9]', '', 'socket [9], neither TCP nor unix, or not connected any more'],
  ['pipe:[5]', 'flags:\t01\n', 'write end of pipe [5]'],
  ['anon_inode:[eventpoll]', 'flags:\t02\ntfd:        5 events: 1\ntfd:        7 events: 1\n', 'epoll, watches 5, 7'],
  ['anon_inode:[eventfd]', 'flags:\t02\neventfd-count:               1f\n', 'eventfd, count 31'],
  ['anon_inode:[pidfd]', 'flags:\t02\nPid:\t4711\n', 'pidfd of 4711'],
  ['anon_inode:[signalfd]', '', 'signalfd'],
  ['anon_inode:inotify', '', 'inotify'],
  ['/memfd:tined-scoreboard (deleted)', '', 'memory file tined-scoreboard'],
  ['/dev/pts/3', '', 'terminal /dev/pts/3'],
  ['/dev/null', '', 'the null device'],
  ['/tmp/messages.ndjson', '', '/tmp/messages.ndjson'],
]
for (const [target, info, what] of cases)
  test(`${target} is ${what}`, () => assert.equal(inWords(0, 0, target, info, sockets).what, what))

test('a read end tells how much waits in the pipe', () => {
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC)
  write(writeEnd, Buffer.from('hello'))
  const { what } = inWords(process.pid, readEnd, 'pipe:[5]', 'flags:\t0\n', sockets)
  assert.equal(what, 'read end of pipe [5], 5 of 64K')
  for (const fd of [readEnd, writeEnd]) close(fd)
})
