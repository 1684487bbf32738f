/** struct timespec as two words, for calls that take its address. */
import type { timespec } from './layout/time.js'

const BILLION = 1_000_000_000n

/** As two words. @throws {RangeError} when negative, or the nanoseconds are a second or more */
export function timespecFrom({ tv_sec, tv_nsec }: timespec, name: string): BigInt64Array {
  const fits = Number.isInteger(tv_sec) && tv_sec >= 0 && Number.isInteger(tv_nsec) && tv_nsec >= 0 && tv_nsec < 1e9
  if (!fits) throw new RangeError(`${name}: expected seconds and nanoseconds from 0, got ${tv_sec} and ${tv_nsec}`)
  return BigInt64Array.of(BigInt(tv_sec), BigInt(tv_nsec))
}

/** Nanoseconds as two words. */
export const timespecOf = (nanoseconds: bigint): BigInt64Array =>
  BigInt64Array.of(nanoseconds / BILLION, nanoseconds % BILLION)

/** Two words as nanoseconds. */
export const nanosecondsIn = (words: BigInt64Array): bigint => (words[0] as bigint) * BILLION + (words[1] as bigint)
