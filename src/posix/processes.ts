/** Calls about processes and limits, with arguments checked. */
import { complain } from '../engine/output/complain.js'
import type { Fd, Pid, PidArgument } from '../libc/brand.js'
import { EINVAL } from '../libc/constants.js'
import { c as declare, lastErrno } from '../libc/ffi.js'
import { PosixError } from '../libc/posix-error.js'
import * as inner from '../libc/process.js'
import * as limits from '../libc/resource.js'
import { int, long, noMore, refuse, struct } from './arguments/check.js'
import { deliver } from './handlers/caught-signals.js'

const strerrorRaw: (errno: number) => string = declare('const char *strerror(int errnum)')

/** This process. getpid(2) */
export const getpid = (): Pid => inner.getpid() as Pid

/** The parent now, which is another process once the first one has died. getppid(2) */
export const getppid = (): Pid => inner.getppid() as Pid

/** Ends the process at once: no exit handlers, no flushing. Only the low 8 bits count. _exit(2) */
export function _exit(status: number): never {
  int('status', status)
  return inner._exit(status)
}

/**
 * Sends `signal` to a process, to the caller's group (0), to all that it may (-1), or to the group -pid. Signal 0 only asks. kill(2)
 *
 * @returns false when there is no such process (ESRCH)
 * @throws {PosixError} EPERM, EINVAL
 */
export function kill(pid: PidArgument, signal: number): boolean {
  int('pid', pid)
  int('signal', signal)
  const sent = inner.kill(pid, signal)
  deliver() // one to oneself is handled before the call returns
  return sent
}

/**
 * Sends `signal` to all of a process group, 0 for the caller's. killpg(3)
 *
 * @returns false when there is no such group (ESRCH)
 * @throws {PosixError} EPERM, EINVAL
 */
export function killpg(pgrp: PidArgument, signal: number): boolean {
  int('pgrp', pgrp)
  int('signal', signal)
  if (pgrp < 0) throw new PosixError(EINVAL, 'killpg', { pid: pgrp })
  let sent: boolean
  try {
    sent = inner.kill(-pgrp, signal)
  } catch (error) {
    throw error instanceof PosixError ? new PosixError(-error.errno, 'killpg', { pid: pgrp }) : error
  }
  deliver()
  return sent
}

/** What an error means, in words. strerror(3) @param errno of errno(3), or of a PosixError, where it is negative */
export function strerror(errno: number): string {
  int('errno', errno)
  return strerrorRaw(errno === -(2 ** 31) ? errno : Math.abs(errno))
}

/**
 * Says on standard error what has failed: the text, a colon, and the error in words. perror(3)
 *
 * @param error the exception that a call has thrown; without it the last call is asked for its errno, as in C
 */
export function perror(text: string, error?: unknown): void {
  if (typeof text !== 'string') refuse('text', 'a string', text)
  const errno = lastErrno()
  const words = error instanceof PosixError || error === undefined ? strerror(error?.errno ?? errno) : String(error)
  complain(text === '' ? words : `${text}: ${words}`)
}

/**
 * Puts a process into a group: 0 stands for the caller, and for a group of its own. setpgid(2)
 *
 * @throws {PosixError} ESRCH, EPERM, EACCES, EINVAL
 */
export function setpgid(pid: PidArgument, pgid: PidArgument): void {
  int('pid', pid)
  int('pgid', pgid)
  inner.setpgid(pid, pgid)
}

/**
 * A descriptor that becomes readable when the process has terminated. pidfd_open(2)
 *
 * @throws {PosixError} ESRCH, EINVAL
 */
export function pidfd_open(pid: PidArgument): Fd {
  int('pid', pid)
  return inner.pidfd_open(pid) as Fd
}

function word(name: string, value: number | bigint): void {
  if (typeof value === 'bigint') {
    if (BigInt.asUintN(64, value) !== value) throw new RangeError(`${name}: expected 0 to 2^64 - 1, got ${value}`)
  } else long(name, value)
}

/**
 * Asks or changes something about this process. An option that takes an address takes it as a bigint, unchecked. prctl(2)
 *
 * @throws {PosixError} EINVAL, EPERM, EFAULT
 */
export function prctl(option: number, a: number | bigint = 0, b: number | bigint = 0, c = 0): number {
  int('option', option)
  word('a', a)
  word('b', b)
  long('c', c)
  return inner.prctl(option, a, b, c)
}

/**
 * A limit of this process. getrlimit(2)
 *
 * @param resource RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_CORE, …
 * @throws {PosixError} EINVAL
 */
export function getrlimit(resource: number): limits.Limit
export function getrlimit(resource: number, more?: unknown): limits.Limit {
  noMore(more, 'getrlimit(resource), which gives { soft, hard }')
  int('resource', resource)
  return limits.getrlimit(resource)
}

function limit(name: string, value: number): void {
  if (value !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(value) && value >= 0))
    refuse(name, 'a whole number or Infinity', value)
}

/**
 * Sets a limit of this process; `Infinity` stands for none. setrlimit(2)
 *
 * @throws {PosixError} EPERM when the hard limit would rise without the right to, EINVAL when soft is above hard
 */
export function setrlimit(resource: number, next: limits.Limit): void {
  int('resource', resource)
  struct('limit', next)
  limit('limit.soft', next.soft)
  limit('limit.hard', next.hard)
  limits.setrlimit(resource, next)
}
