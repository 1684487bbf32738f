/** Time: alarm, interval timers, sleep. */

import { restoreAlarm } from '../fork/unasked-signals.js'
import { c } from '../libc/ffi.js'
import type { timespec, timeval } from '../libc/layout/time.js'
import { check } from '../libc/posix-error.js'
import { nanosecondsIn, timespecFrom, timespecOf } from '../libc/timespec.js'
import { int, noMore, refuse, struct, uint } from './arguments/check.js'
import { timevalArgument } from './arguments/time.js'
import { caught, deliver, deliverable, run, take } from './handlers/caught-signals.js'

const alarmRaw: (seconds: number) => number = c('unsigned int alarm(unsigned int seconds)')
const setitimerRaw: (which: number, next: BigInt64Array, old: BigInt64Array) => number = c(
  'int setitimer(int which, void *new_value, void *old_value)',
)
const getitimerRaw: (which: number, current: BigInt64Array) => number = c('int getitimer(int which, void *value)')

const MAX_SECONDS = 0xffff_ffff

function checkSeconds(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SECONDS)
    throw new RangeError(`seconds: expected a whole number from 0 to ${MAX_SECONDS}, got ${seconds}`)
}

/**
 * Has SIGALRM sent in `seconds`, in place of any alarm before; 0 only cancels that one. alarm(2)
 *
 * @returns the seconds that were left of the alarm before, at least 1; 0 when there was none
 */
export function alarm(seconds: number): number {
  checkSeconds(seconds)
  restoreAlarm()
  return alarmRaw(seconds)
}

/** struct itimerval: seconds, to the microsecond, or as C has them. */
export interface Itimerval<Time = number | timeval> {
  /** Between signals; 0 for one only. */
  it_interval: Time
  /** Until the next; 0 stops the timer. */
  it_value: Time
}

const MICRO = 1e6

function timeWords(name: string, time: number | timeval): bigint[] {
  if (typeof time === 'object') {
    timevalArgument(name, time)
    return [BigInt(time.tv_sec), BigInt(time.tv_usec)]
  }
  if (!Number.isFinite(time) || Math.abs(time) > MAX_SECONDS)
    refuse(name, `seconds up to ${MAX_SECONDS}, or { tv_sec, tv_usec }`, time)
  const micros = Math.ceil(time * MICRO)
  return [BigInt(Math.floor(micros / MICRO)), BigInt(((micros % MICRO) + MICRO) % MICRO)]
}

function encodeTimer(timer: Itimerval): BigInt64Array {
  struct('timer', timer)
  const { it_interval, it_value } = timer
  return BigInt64Array.from([...timeWords('timer.it_interval', it_interval), ...timeWords('timer.it_value', it_value)])
}

const decodeTimer = (words: BigInt64Array): Itimerval<number> => {
  const [interval, intervalMicros, value, micros] = [...words].map(Number) as [number, number, number, number]
  return { it_interval: interval + intervalMicros / MICRO, it_value: value + micros / MICRO }
}

/**
 * Has a signal sent once or again and again: ITIMER_REAL SIGALRM, ITIMER_VIRTUAL SIGVTALRM, ITIMER_PROF SIGPROF.
 *
 * @returns the timer before, in seconds
 * @throws {PosixError} EINVAL: another `which`, or a time below 0. setitimer(2)
 */
export function setitimer(which: number, timer: Itimerval): Itimerval<number>
export function setitimer(which: number, timer: Itimerval, more?: unknown): Itimerval<number> {
  // C's NULL: who does not ask for the timer before
  if (more !== null && more !== 0) noMore(more, 'setitimer(which, timer), which gives the one before')
  int('which', which)
  restoreAlarm()
  const old = new BigInt64Array(4)
  check(setitimerRaw(which, encodeTimer(timer), old), 'setitimer')
  return decodeTimer(old)
}

/** What is left of a timer. getitimer(2) @throws {PosixError} EINVAL */
export function getitimer(which: number): Itimerval<number>
export function getitimer(which: number, more?: unknown): Itimerval<number> {
  noMore(more, 'getitimer(which), which gives the timer')
  int('which', which)
  const words = new BigInt64Array(4)
  check(getitimerRaw(which, words), 'getitimer')
  return decodeTimer(words)
}

/** Waits so many nanoseconds; returns how many were left when a handler had run. */
function wait(nanoseconds: bigint): bigint {
  if (caught.any) deliver()
  const end = process.hrtime.bigint() + nanoseconds
  let left = nanoseconds
  while (left > 0n) {
    const signal = take(deliverable(), timespecOf(left))
    left = end - process.hrtime.bigint()
    if (signal > 0) {
      run(signal)
      deliver()
      return left > 0n ? left : 0n
    }
  }
  return 0n
}

/**
 * Waits. A handler that runs ends it early.
 *
 * @returns 0, or the whole seconds that were left when a handler had run. sleep(3)
 */
export function sleep(seconds: number): number {
  checkSeconds(seconds)
  return Number(wait(BigInt(seconds) * 1_000_000_000n) / 1_000_000_000n)
}

/**
 * Waits microseconds, 0 to 2^32 - 1. A handler that runs ends it early. usleep(3)
 *
 * @returns false when a handler has ended it, where C has EINTR
 */
export function usleep(microseconds: number): boolean {
  uint('microseconds', microseconds)
  return wait(BigInt(microseconds) * 1000n) === 0n
}

/**
 * Waits.
 *
 * @param rem is set to what was left, as in C; `null` or 0 for none
 * @returns `undefined`, or the time that was left when a handler had run, C's `rem`. nanosleep(2)
 * @throws {PosixError} EINVAL
 */
export function nanosleep(duration: timespec, rem: timespec | null | 0 = null): timespec | undefined {
  struct('duration', duration)
  if (rem) struct('rem', rem)
  const left = wait(nanosecondsIn(timespecFrom(duration, 'duration', 'nanosleep')))
  if (left === 0n) return undefined
  const time = { tv_sec: Number(left / 1_000_000_000n), tv_nsec: Number(left % 1_000_000_000n) }
  if (rem) Object.assign(rem, time)
  return time
}
