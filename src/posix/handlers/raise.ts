/** Sending signals to oneself and with a value; `kill` is in src/posix/processes.ts. */

import type { PidArgument } from '../../libc/brand.js'
import { ESRCH } from '../../libc/constants.js'
import { c, lastErrno } from '../../libc/ffi.js'
import { check, PosixError } from '../../libc/posix-error.js'
import { int } from '../arguments/check.js'
import { deliver } from './caught-signals.js'

const raiseRaw: (signal: number) => number = c('int raise(int sig)')
const sigqueueRaw: (pid: number, signal: number, value: bigint) => number = c(
  'int sigqueue(int pid, int sig, uint64_t value)',
)
const schedYieldRaw: () => number = c('int sched_yield()')

/** Sends `signal` to the calling thread; its handler has run when this returns. raise(3) @throws {PosixError} EINVAL */
export function raise(signal: number): void {
  int('signal', signal)
  check(raiseRaw(signal), 'raise')
  deliver()
}

/**
 * Sends `signal` with a value, which a handler with SA_SIGINFO finds as `si_value`; real-time signals queue. sigqueue(3)
 *
 * @param value a 32-bit int
 * @returns false when there is no such process
 * @throws {PosixError} EAGAIN: too many queued (RLIMIT_SIGPENDING), EINVAL, EPERM
 */
export function sigqueue(pid: PidArgument, signal: number, value: number): boolean {
  int('pid', pid)
  int('signal', signal)
  int('value', value)
  const sent = sigqueueRaw(pid, signal, BigInt.asUintN(32, BigInt(value))) === 0
  if (!sent && lastErrno() !== ESRCH) throw new PosixError(lastErrno(), 'sigqueue', { pid })
  deliver()
  return sent
}

/** Lets other processes run, and handlers of signals that wait: the safe point for a loop that makes no other call. sched_yield(2) */
export function sched_yield(): void {
  deliver()
  check(schedYieldRaw(), 'sched_yield')
}
