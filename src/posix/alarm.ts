/** Time: alarm, interval timers, sleep. */

import { restoreAlarm } from '../fork/unasked-signals.js'
import { c } from '../libc/ffi.js'
import type { timespec } from '../libc/layout/time.js'
import { check } from '../libc/posix-error.js'
import { nanosecondsIn, timespecFrom, timespecOf } from '../libc/timespec.js'
import { int } from './arguments/check.js'
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

/** struct itimerval in seconds, to the microsecond. */
export interface Itimerval {
  /** Seconds between signals; 0 for one only. */
  it_interval: number
  /** Seconds until the next; 0 stops the timer. */
  it_value: number
}

const MICRO = 1e6

function encodeTimer({ it_interval, it_value }: Itimerval): BigInt64Array {
  const words = [it_interval, it_value].flatMap((seconds) => {
    if (!(seconds >= 0 && seconds <= MAX_SECONDS))
      throw new RangeError(`timer: expected seconds from 0 to ${MAX_SECONDS}, got ${seconds}`)
    const micros = Math.ceil(seconds * MICRO)
    return [BigInt(Math.floor(micros / MICRO)), BigInt(micros % MICRO)]
  })
  return BigInt64Array.from(words)
}

const decodeTimer = (words: BigInt64Array): Itimerval => {
  const [interval, intervalMicros, value, micros] = [...words].map(Number) as [number, number, number, number]
  return { it_interval: interval + intervalMicros / MICRO, it_value: value + micros / MICRO }
}

/**
 * Has a signal sent once or again and again: ITIMER_REAL SIGALRM, ITIMER_VIRTUAL SIGVTALRM, ITIMER_PROF SIGPROF.
 *
 * @returns the timer before
 * @throws {PosixError} EINVAL: another `which`. setitimer(2)
 */
export function setitimer(which: number, timer: Itimerval): Itimerval {
  int('which', which)
  restoreAlarm()
  const old = new BigInt64Array(4)
  check(setitimerRaw(which, encodeTimer(timer), old), 'setitimer')
  return decodeTimer(old)
}

/** What is left of a timer. getitimer(2) @throws {PosixError} EINVAL */
export function getitimer(which: number): Itimerval {
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

/** Waits. @returns `undefined`, or the time that was left when a handler had run, C's `rem`. nanosleep(2) */
export function nanosleep(duration: timespec): timespec | undefined {
  const left = wait(nanosecondsIn(timespecFrom(duration, 'duration')))
  return left === 0n ? undefined : { tv_sec: Number(left / 1_000_000_000n), tv_nsec: Number(left % 1_000_000_000n) }
}
