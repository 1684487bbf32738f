/** The signal mask, what waits behind it, and waiting for it. */

import { EINTR, EINVAL, SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK } from '../../libc/constants.js'
import { c } from '../../libc/ffi.js'
import type { timespec } from '../../libc/layout/time.js'
import { check, PosixError } from '../../libc/posix-error.js'
import type { SigInfo } from '../../libc/siginfo.js'
import { bitsOf, type Signals, type SigSet, sigemptyset, sigsetOfBits } from '../../libc/sigset.js'
import { timespecFrom } from '../../libc/timespec.js'
import { int, noMore } from '../arguments/check.js'
import { awaitHandler, deliver, deliverable, run, setUserMask, take, takenInfo, userMask } from './caught-signals.js'

const sigpendingRaw: (set: SigSet) => number = c('int sigpending(void *set)')

/**
 * Changes which signals are held back; without `set` only asks. Those that waited and no longer have to are handled
 * before it returns. sigprocmask(2)
 *
 * @param how SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK
 * @param set `null`, or C's 0: only asks
 * @param oldset a set to be filled in, as in C; `null` or 0 for none. What it would have is returned as well
 * @returns the mask before
 * @throws {PosixError} EINVAL: another `how`
 */
export function sigprocmask(how: number, set?: Signals | null | 0, oldset: SigSet | null | 0 = null): SigSet {
  int('how', how)
  if (oldset) bitsOf(oldset)
  deliver()
  const before = userMask()
  if (set !== undefined && set !== null && set !== 0) {
    const bits = bitsOf(set)
    if (how === SIG_BLOCK) setUserMask(before | bits)
    else if (how === SIG_UNBLOCK) setUserMask(before & ~bits)
    else if (how === SIG_SETMASK) setUserMask(bits)
    else throw new PosixError(EINVAL, 'sigprocmask')
    deliver()
  }
  if (oldset) oldset.writeBigUInt64LE(before)
  return sigsetOfBits(before)
}

/** Signals that were sent and are held back by the mask. @param into a set to be filled in, as in C. sigpending(2) */
export function sigpending(into?: SigSet): SigSet {
  if (into !== undefined) bitsOf(into)
  deliver()
  const set = sigemptyset()
  check(sigpendingRaw(set), 'sigpending')
  const bits = bitsOf(set) & userMask()
  into?.writeBigUInt64LE(bits)
  return sigsetOfBits(bits)
}

/**
 * Puts `mask` in force and waits until a handler has run, in one step; the mask before is back when it returns. What C
 * reports as EINTR is the only way for it to end, and so no error here. sigsuspend(2)
 */
export function sigsuspend(mask: Signals): void {
  const bits = bitsOf(mask)
  deliver(bits) // what came before and `mask` holds back
  const before = userMask()
  setUserMask(bits)
  try {
    awaitHandler()
  } finally {
    setUserMask(before)
    deliver()
  }
}

/**
 * Waits until a handler has run; nothing else ends it. Unlike in C a signal cannot slip in before: as handlers run in calls only, the one that came
 * since the last call is run by this one, and ends it. pause(2)
 */
export const pause = awaitHandler

function accept(signals: Signals, timeout: BigInt64Array | null, call: string): number {
  const bits = bitsOf(signals)
  deliver()
  for (;;) {
    const taken = take(bits | deliverable(), timeout)
    if (taken === 0) return 0
    if (taken < 0) continue
    if (bits & (1n << BigInt(taken - 1))) return taken
    run(taken)
    deliver()
    // sigwait(3) goes on waiting, the other two end
    if (call !== 'sigwait') throw new PosixError(EINTR, call)
  }
}

/** Waits for one of the signals, which should be blocked, and takes it without a handler. @returns its number. sigwait(3) */
export function sigwait(signals: Signals): number
export function sigwait(signals: Signals, more?: unknown): number {
  noMore(more, 'sigwait(signals), which gives the signal')
  return accept(signals, null, 'sigwait')
}

/** As `sigwait`. @returns its siginfo. sigwaitinfo(2) @throws {PosixError} EINTR after a handler for another signal */
export function sigwaitinfo(signals: Signals): SigInfo
export function sigwaitinfo(signals: Signals, more?: unknown): SigInfo {
  noMore(more, 'sigwaitinfo(signals), which gives the siginfo')
  accept(signals, null, 'sigwaitinfo')
  return takenInfo()
}

/** As `sigwaitinfo`, for a limited time. @returns `undefined` when none came. sigtimedwait(2) */
export function sigtimedwait(signals: Signals, timeout: timespec): SigInfo | undefined
export function sigtimedwait(signals: Signals, timeout: timespec, more?: unknown): SigInfo | undefined {
  noMore(more, 'sigtimedwait(signals, timeout), which gives the siginfo')
  const words = timespecFrom(timeout, 'timeout', 'sigtimedwait')
  return accept(signals, words, 'sigtimedwait') === 0 ? undefined : takenInfo()
}
