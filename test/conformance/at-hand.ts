/** What many cases start from. Used inside of a case's own process, which takes everything along when it ends. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as posix from '../../src/posix/index.js'

/** A TCP listener on a free port of the loopback. */
export function listener(type = posix.SOCK_STREAM): posix.Fd {
  const fd = posix.socket(posix.AF_INET, type)
  posix.bind(fd, { host: '127.0.0.1', port: 0 })
  posix.listen(fd, 8)
  return fd
}

/** A TCP connection with both its ends. */
export function connection(): [client: posix.Fd, server: posix.Fd] {
  const listening = listener()
  const client = posix.socket(posix.AF_INET, posix.SOCK_STREAM)
  posix.connect(client, posix.getsockname(listening))
  const server = posix.accept(listening)
  posix.close(listening)
  assert.ok(server !== undefined)
  return [client, server]
}

/** Two connected unix stream sockets. */
export const pair = (type = posix.SOCK_STREAM): [posix.Fd, posix.Fd] => posix.socketpair(posix.AF_UNIX, type)

/** A set of these. */
export function setOf(...fds: number[]): posix.fd_set {
  const set = posix.fd_set(Math.max(posix.FD_SETSIZE, ...fds.map((fd) => fd + 1)))
  for (const fd of fds) posix.FD_SET(fd, set)
  return set
}

export const zero = (): posix.timeval => ({ tv_sec: 0, tv_usec: 0 })

/** Text read from `fd`, at most 100 bytes; `''` at the end. */
export function readText(fd: posix.Fd): string {
  const buffer = Buffer.alloc(100)
  return buffer.toString('utf8', 0, posix.read(fd, buffer))
}

/** Whether a process waits in the kernel. */
const sleeps = (pid: number): boolean => /\) S /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))

/** Runs `act` in a child once this process waits in the kernel; reaped by `join`. */
export function whenThisSleeps(act: () => void): number {
  const waiting = posix.getpid()
  return posix.fork(() => {
    while (!sleeps(waiting)) posix.sched_yield()
    act()
  })
}

/** The child must have ended well. */
export function join(pid: number): void {
  assert.deepEqual(posix.decodeStatus(posix.waitpid(pid).status), { type: 'exited', code: 0 })
}

/** Milliseconds that `act` takes. */
export function elapsedMs(act: () => void): number {
  const started = performance.now()
  act()
  return performance.now() - started
}

/** Installs a handler for SIGUSR1; the list grows with each call of it. */
export function onUsr1(flags = 0): number[] {
  const calls: number[] = []
  posix.sigaction(posix.SIGUSR1, { sa_handler: (signal) => calls.push(signal), sa_flags: flags })
  return calls
}

/** Writes until a non-blocking descriptor takes no more; returns the bytes. */
export function fill(fd: posix.Fd): number {
  posix.setNonBlocking(fd, true)
  const block = Buffer.alloc(65_536)
  let filled = 0
  for (let taken = posix.write(fd, block); taken !== undefined; taken = posix.write(fd, block)) filled += taken
  for (let taken = posix.write(fd, block, 1); taken !== undefined; taken = posix.write(fd, block, 1)) filled += taken
  posix.setNonBlocking(fd, false)
  return filled
}

/** Leaves SIGUSR1 waiting for this process, with no call in which its handler could have run. Returns a child to `join`. */
export function leaveUsr1Waiting(): number {
  const me = posix.getpid()
  const child = posix.fork(() => void posix.kill(me, posix.SIGUSR1))
  while (!/\) Z /.test(readFileSync(`/proc/${child}/stat`, 'utf8')));
  return child
}
