// What must not compile. A line marked @ts-expect-error that does compile is an error of `npm run types`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type * as posix from '../../src/posix/index.js'
import * as api from '../../src/posix/index.js'

type Api = typeof posix

/** Never called: only its types matter. */
function misuse(fd: posix.Fd, pid: posix.Pid, call: Api): void {
  // @ts-expect-error a pid is no descriptor
  call.close(pid)
  // @ts-expect-error nor one to read from
  call.read(pid, Buffer.alloc(1))
  // @ts-expect-error nor a member of a set
  call.FD_SET(pid, call.fd_set())
  // @ts-expect-error nor one to pass on
  call.sendmsg(fd, { msg_iov: [], fds: [pid] })
  // @ts-expect-error a descriptor is no pid
  const process: posix.PidArgument = fd
  // @ts-expect-error a listener's option of two integers is not one
  call.setsockopt(fd, call.SOL_SOCKET, call.SO_LINGER, { l_onoff: 1 })
  // @ts-expect-error a set is made by fd_set()
  call.select(1, [0])
  // @ts-expect-error would-block is a value that has to be looked at
  const taken: number = call.read(fd, Buffer.alloc(1))
  // what was made without O_NONBLOCK waits, and has always something to give
  const serv = call.socket(call.AF_INET, call.SOCK_STREAM)
  const clnt: posix.BlockingFd = call.accept(serv)
  const [readEnd, writeEnd] = call.pipe()
  const whole: number =
    call.read(readEnd, Buffer.alloc(1)) + call.write(call.dup(writeEnd), 'x') + call.recv(clnt, Buffer.alloc(1))
  const done: true = call.connect(serv, { path: '/x' })
  // @ts-expect-error unless it is asked not to wait
  const peeked: number = call.recv(clnt, Buffer.alloc(1), call.MSG_DONTWAIT)
  // @ts-expect-error or was made so
  const next: posix.Fd = call.accept(call.socket(call.AF_INET, call.SOCK_STREAM | call.SOCK_NONBLOCK))
  // @ts-expect-error a pipe too
  const some: number = call.read(call.pipe2(call.O_NONBLOCK)[0], Buffer.alloc(1))
  // @ts-expect-error C's arguments that are none here
  call.waitpid(-1, 0, call.WNOHANG)
  void [whole, done, peeked, next, some]
  call.close(0)
  call.close(fd + 1)
  const lower: number = fd
  const child: posix.PidArgument = -1
  void [process, taken, lower, child]
}

test('branded numbers are plain numbers at run time', () => {
  assert.equal(typeof misuse, 'function')
  const [readEnd, writeEnd] = api.pipe()
  assert.equal(typeof readEnd, 'number')
  api.close(readEnd)
  api.close(writeEnd)
})
