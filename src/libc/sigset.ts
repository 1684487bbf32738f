/** Signal sets: the operations of sigsetops(3), and their other forms, a list of numbers and 64 bits. */
import { EINVAL } from './constants.js'
import { PosixError } from './posix-error.js'

/** Bytes of glibc's and musl's sigset_t; the kernel looks at the first 8. */
const SIGSET_BYTES = 128

/** Highest signal number: SIGRTMAX. signal(7) */
export const MAX_SIGNAL = 64

/** A sigset_t as the kernel lays it out: bit n-1 is signal n. */
export type SigSet = Buffer

/** What every call takes for a set: a sigset_t, or the numbers in it. */
export type Signals = SigSet | readonly number[]

/** @throws {PosixError} EINVAL @throws {TypeError} */
function checkSignal(signal: number, call: string): void {
  if (!Number.isInteger(signal)) throw new TypeError(`signal: expected a whole number, got ${signal}`)
  if (signal < 1 || signal > MAX_SIGNAL) throw new PosixError(EINVAL, call)
}

/** An empty set, or `set` emptied. sigemptyset(3) */
export const sigemptyset = (set: SigSet = Buffer.alloc(SIGSET_BYTES)): SigSet => set.fill(0)

/** A set of all signals, or `set` filled. sigfillset(3) */
export const sigfillset = (set: SigSet = Buffer.alloc(SIGSET_BYTES)): SigSet => set.fill(0xff, 0, 8)

/** Adds `signal` to `set`, which it returns. sigaddset(3) @throws {PosixError} EINVAL: not 1 to 64 */
export function sigaddset(set: SigSet, signal: number): SigSet {
  checkSignal(signal, 'sigaddset')
  const byte = (signal - 1) >> 3
  set[byte] = (set[byte] as number) | (1 << ((signal - 1) & 7))
  return set
}

/** Removes `signal` from `set`, which it returns. sigdelset(3) @throws {PosixError} EINVAL: not 1 to 64 */
export function sigdelset(set: SigSet, signal: number): SigSet {
  checkSignal(signal, 'sigdelset')
  const byte = (signal - 1) >> 3
  set[byte] = (set[byte] as number) & ~(1 << ((signal - 1) & 7))
  return set
}

/** Reports whether `signal` is in `set`. sigismember(3) @throws {PosixError} EINVAL: not 1 to 64 */
export function sigismember(set: SigSet, signal: number): boolean {
  checkSignal(signal, 'sigismember')
  return ((set[(signal - 1) >> 3] as number) & (1 << ((signal - 1) & 7))) !== 0
}

/** One signal as a bit. */
export const bitOf = (signal: number): bigint => 1n << BigInt(signal - 1)

/** A set as 64 bits. @throws {TypeError} when it is neither a sigset_t nor a list of numbers */
export function bitsOf(signals: Signals): bigint {
  if (Buffer.isBuffer(signals)) return signals.readBigUInt64LE(0)
  if (!Array.isArray(signals)) throw new TypeError(`signals: expected a sigset or an array, got ${typeof signals}`)
  return sigsetOf(signals).readBigUInt64LE(0)
}

const sigsetOf = (signals: readonly number[]): SigSet =>
  signals.reduce((set, signal) => sigaddset(set, signal), sigemptyset())

/** 64 bits as a set. */
export function sigsetOfBits(bits: bigint): SigSet {
  const set = sigemptyset()
  set.writeBigUInt64LE(bits, 0)
  return set
}
