/** struct timeval, timespec and itimerspec. Pure. */
import { here } from './tables.js'

/** Seconds and microseconds. select(2) */
export interface timeval {
  tv_sec: number
  tv_usec: number
}

/** Seconds and nanoseconds. timespec(3type) */
export interface timespec {
  tv_sec: number
  tv_nsec: number
}

/** A timer: when it fires first, and how often again. timerfd_create(2) */
export interface itimerspec {
  it_interval: timespec
  it_value: timespec
}

const { timeval: valLayout, timespec: specLayout, itimerspec: timerLayout } = here
export const TIMEVAL_BYTES = valLayout.size
export const TIMESPEC_BYTES = specLayout.size
export const ITIMERSPEC_BYTES = timerLayout.size

const TWO_32 = 0x1_0000_0000

/** A safe integer as a little-endian int64, without a BigInt. */
export function writeInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true) // >>> is modulo 2^32, also below zero
  view.setInt32(at + 4, Math.floor(value / TWO_32), true)
}

/** An int64 as a number; exact within 2^53. */
export const readInt64 = (view: DataView, at: number): number =>
  view.getInt32(at + 4, true) * TWO_32 + view.getUint32(at, true)

export const msToTimespec = (ms: number): timespec => ({ tv_sec: Math.floor(ms / 1000), tv_nsec: (ms % 1000) * 1e6 })

export function encodeTimeval({ tv_sec, tv_usec }: timeval, view: DataView, at = 0): void {
  writeInt64(view, at + valLayout.members.tv_sec[0], tv_sec)
  writeInt64(view, at + valLayout.members.tv_usec[0], tv_usec)
}

export const decodeTimeval = (view: DataView, at = 0): timeval => ({
  tv_sec: readInt64(view, at + valLayout.members.tv_sec[0]),
  tv_usec: readInt64(view, at + valLayout.members.tv_usec[0]),
})

export function encodeTimespec({ tv_sec, tv_nsec }: timespec, view: DataView, at = 0): void {
  writeInt64(view, at + specLayout.members.tv_sec[0], tv_sec)
  writeInt64(view, at + specLayout.members.tv_nsec[0], tv_nsec)
}

export const decodeTimespec = (view: DataView, at = 0): timespec => ({
  tv_sec: readInt64(view, at + specLayout.members.tv_sec[0]),
  tv_nsec: readInt64(view, at + specLayout.members.tv_nsec[0]),
})

export function encodeItimerspec({ it_interval, it_value }: itimerspec, view: DataView, at = 0): void {
  encodeTimespec(it_interval, view, at + timerLayout.members.it_interval[0])
  encodeTimespec(it_value, view, at + timerLayout.members.it_value[0])
}

export const decodeItimerspec = (view: DataView, at = 0): itimerspec => ({
  it_interval: decodeTimespec(view, at + timerLayout.members.it_interval[0]),
  it_value: decodeTimespec(view, at + timerLayout.members.it_value[0]),
})
