/** The system call below select(2) and pselect(2). */

import { c } from '../libc/ffi.js'
import { encodeTimespec, TIMESPEC_BYTES, type timespec } from '../libc/layout/time.js'

/** The bits of an fd_set, whole longs. */
export type Words = Int32Array | null

/** Not the C library's functions, which differ in what they do to the time. Seven arguments, as syscall(3) always loads. */
const pselect6: (
  nr: number,
  nfds: number,
  reads: Words,
  writes: Words,
  excepts: Words,
  timeout: Uint8Array | null,
  sigmask: BigUint64Array | null,
) => number = c('long syscall(long nr, long nfds, void *r, void *w, void *e, void *timeout, void *sigmask)')
const SYS_pselect6 = process.arch === 'arm64' ? 72 : 270

const timeBytes = new Uint8Array(TIMESPEC_BYTES)

/** The time that a call was given, and after it what was left. */
export const time = new DataView(timeBytes.buffer)

/**
 * @param sigmask struct { const sigset_t *ss; size_t ss_len; }
 * @returns bits set in all, negative when it failed
 */
export function pselect(
  nfds: number,
  reads: Words,
  writes: Words,
  excepts: Words,
  timeout: timespec | null,
  sigmask: BigUint64Array | null,
): number {
  if (timeout !== null) encodeTimespec(timeout, time)
  return pselect6(SYS_pselect6, nfds, reads, writes, excepts, timeout && timeBytes, sigmask)
}
