/** poll and ppoll. */

import { EINVAL, POLLIN } from '../libc/constants.js'
import { lastErrno } from '../libc/ffi.js'
import { decodeRevents, encodePollfds, POLLFD_WORDS, type pollfd } from '../libc/layout/poll.js'
import { encodeTimespec, msToTimespec, TIMESPEC_BYTES, type timespec } from '../libc/layout/time.js'
import { check } from '../libc/posix-error.js'
import { pollRaw, ppollRaw } from '../libc/raw.js'
import { bitsOf, type Signals, sigsetOfBits } from '../libc/sigset.js'
import { int, noMore } from './arguments/check.js'
import { timespecArgument } from './arguments/time.js'
import { caught } from './handlers/caught-signals.js'
import { waitWithHandlers } from './handlers/interrupted-wait.js'

/** Grown as needed, used again. */
let words = new Int32Array(POLLFD_WORDS * 16)

function checkList(fds: readonly pollfd[]): void {
  if (!Array.isArray(fds)) throw new TypeError('fds: expected an array of { fd, events }')
}

function encode(fds: readonly pollfd[]): void {
  if (words.length < fds.length * POLLFD_WORDS) words = new Int32Array(fds.length * POLLFD_WORDS * 2)
  encodePollfds(fds, words)
}

/** Where no descriptor tells of signals. */
const LOOK_EVERY_NS = 20_000_000

const timeBytes = new Uint8Array(TIMESPEC_BYTES)
const time = new DataView(timeBytes.buffer)

/** As many entries as there may be descriptors, and so no room for ours: the signal is looked for from time to time. */
function withoutOneMore(own: Int32Array, entries: number, left: timespec | null): number {
  if (left === null || left.tv_sec > 0 || left.tv_nsec > LOOK_EVERY_NS)
    encodeTimespec({ tv_sec: 0, tv_nsec: left !== null && left.tv_sec < 0 ? -1 : LOOK_EVERY_NS }, time)
  return ppollRaw(own, entries, timeBytes, null)
}

/** With handlers installed: one entry more than the program asked for. In memory of its own, as a handler may poll too. */
function pollWithHandlers(
  syscall: string,
  fds: readonly pollfd[],
  timeout: timespec | null,
  sigmask: Signals | null,
): number {
  const last = fds.length * POLLFD_WORDS
  const own = new Int32Array(last + POLLFD_WORDS)
  const wait = (signals: number, left: timespec | null): number => {
    encodePollfds(fds, own)
    own[last] = signals
    own[last + 1] = POLLIN
    if (left !== null) encodeTimespec(left, time)
    const count = ppollRaw(own, fds.length + 1, left && timeBytes, null)
    if (count < 0 && lastErrno() === EINVAL && fds.length > 0) return withoutOneMore(own, fds.length, left)
    return count > 0 && (own[last + 1] as number) >>> 16 !== 0 ? count - 1 : count
  }
  const count = waitWithHandlers(syscall, timeout, sigmask, wait)
  decodeRevents(own, fds)
  return count
}

/**
 * Waits until one of the descriptors is ready, and sets each entry's `revents`. poll(2)
 *
 * @param timeoutMs -1 waits without limit, 0 not at all
 * @returns the number of entries with revents; `0` at the time-out
 * @throws {PosixError} EINTR, EINVAL (more entries than RLIMIT_NOFILE)
 */
export function poll(fds: readonly pollfd[], timeoutMs?: number): number
export function poll(fds: readonly pollfd[], timeoutMs = -1, more?: unknown): number {
  noMore(more, 'poll(fds, timeoutMs?); the length of fds is their number')
  int('timeoutMs', timeoutMs)
  checkList(fds)
  if (caught.any) return pollWithHandlers('poll', fds, timeoutMs < 0 ? null : msToTimespec(timeoutMs), null)
  encode(fds)
  const count = check(pollRaw(words, fds.length, timeoutMs), 'poll')
  decodeRevents(words, fds)
  return count
}

/**
 * As `poll`, with nanoseconds and a signal mask that holds while it waits. ppoll(2)
 *
 * @param timeout `null` waits without limit; it is left as it was
 * @param sigmask `null` leaves the mask alone
 */
export function ppoll(fds: readonly pollfd[], timeout?: timespec | null, sigmask?: Signals | null): number
export function ppoll(
  fds: readonly pollfd[],
  timeout: timespec | null = null,
  sigmask: Signals | null = null,
  more?: unknown,
): number {
  noMore(more, 'ppoll(fds, timeout?, sigmask?); the length of fds is their number')
  if (timeout !== null) timespecArgument('timeout', timeout)
  const set = sigmask && sigsetOfBits(bitsOf(sigmask))
  checkList(fds)
  if (caught.any) return pollWithHandlers('ppoll', fds, timeout, sigmask)
  encode(fds)
  if (timeout !== null) encodeTimespec(timeout, time)
  const count = check(ppollRaw(words, fds.length, timeout && timeBytes, set), 'ppoll')
  decodeRevents(words, fds)
  return count
}
