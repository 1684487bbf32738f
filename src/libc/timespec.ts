/** struct timespec as two words, for calls that take its address. */
import { EINVAL } from './constants.js'
import type { timespec } from './layout/time.js'
import { PosixError } from './posix-error.js'

const BILLION = 1_000_000_000n

/**
 * As two words.
 *
 * @param call what is refused as the kernel does
 * @throws {RangeError} for what is no integer
 * @throws {PosixError} EINVAL when negative, or the nanoseconds are a second or more
 */
export function timespecFrom({ tv_sec, tv_nsec }: timespec, name: string, call: string): BigInt64Array {
  if (!Number.isSafeInteger(tv_sec) || !Number.isSafeInteger(tv_nsec))
    throw new RangeError(
      `${name}: expected whole seconds and nanoseconds, got ${String(tv_sec)} and ${String(tv_nsec)}`,
    )
  if (tv_sec < 0 || tv_nsec < 0 || tv_nsec >= 1e9) throw new PosixError(EINVAL, call)
  return BigInt64Array.of(BigInt(tv_sec), BigInt(tv_nsec))
}

/** Nanoseconds as two words. */
export const timespecOf = (nanoseconds: bigint): BigInt64Array =>
  BigInt64Array.of(nanoseconds / BILLION, nanoseconds % BILLION)

/** Two words as nanoseconds. */
export const nanosecondsIn = (words: BigInt64Array): bigint => (words[0] as bigint) * BILLION + (words[1] as bigint)
