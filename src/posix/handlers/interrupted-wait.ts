/**
 * Waiting for many descriptors while TypeScript handlers are installed: their signals are blocked in the kernel, so the
 * wait has a descriptor more, which becomes readable for a signal. Never used where no handler is installed.
 */

import { EINTR } from '../../libc/constants.js'
import { lastErrno } from '../../libc/ffi.js'
import type { timespec } from '../../libc/layout/time.js'
import { PosixError } from '../../libc/posix-error.js'
import { bitsOf, type Signals } from '../../libc/sigset.js'
import { deliver, setUserMask, userMask } from './caught-signals.js'
import { signalDescriptor } from './interruptible.js'

const NS_PER_S = 1_000_000_000n

const toNs = ({ tv_sec, tv_nsec }: timespec): bigint => BigInt(tv_sec) * NS_PER_S + BigInt(tv_nsec)

function until(deadlineNs: bigint): timespec {
  const leftNs = deadlineNs - process.hrtime.bigint()
  if (leftNs <= 0n) return { tv_sec: 0, tv_nsec: 0 }
  return { tv_sec: Number(leftNs / NS_PER_S), tv_nsec: Number(leftNs % NS_PER_S) }
}

/** What one wait found: how many of the program's descriptors are ready, negative when the call failed. */
type Wait = (signals: number, timeout: timespec | null) => number

/**
 * Waits as poll(2) and select(2) do with a handler installed: never restarted, whatever SA_RESTART says. signal(7)
 *
 * @param sigmask what the program blocks meanwhile; `null` for what it blocks anyway
 * @param wait waits for the program's descriptors and for `signals`
 * @param tell is told what is left of the time, also when it throws
 * @returns how many of the program's descriptors are ready, 0 at the time-out
 * @throws {PosixError} EINTR when a handler has run
 */
export function waitWithHandlers(
  syscall: string,
  timeout: timespec | null,
  sigmask: Signals | null,
  wait: Wait,
  tell: (left: timespec) => void = () => {},
): number {
  deliver() // what came before the call does not interrupt it
  const deadlineNs = timeout === null ? 0n : process.hrtime.bigint() + toNs(timeout)
  const before = userMask()
  if (sigmask !== null) setUserMask(bitsOf(sigmask))
  let count = 0
  let next = timeout
  try {
    for (;;) {
      count = wait(signalDescriptor(), next)
      if (count > 0) break
      if (count < 0) {
        const errno = lastErrno()
        if (errno !== EINTR) throw new PosixError(errno, syscall) // EINTR: stopped and continued
        count = 0
      }
      if (deliver() !== 'none') throw new PosixError(EINTR, syscall)
      next = timeout && until(deadlineNs)
      if (next !== null && next.tv_sec === 0 && next.tv_nsec === 0) break
    }
  } finally {
    if (sigmask !== null) setUserMask(before)
    if (timeout !== null) tell(until(deadlineNs))
  }
  deliver() // with the mask as it was: a call that succeeds is not interrupted
  return count
}
