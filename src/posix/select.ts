/** select and pselect: three questions about many descriptors. */

import { EINTR } from '../libc/constants.js'
import { addressOf, lastErrno } from '../libc/ffi.js'
import { decodeTimespec, type timespec, type timeval } from '../libc/layout/time.js'
import { PosixError } from '../libc/posix-error.js'
import { bitsOf, type Signals, sigsetOfBits } from '../libc/sigset.js'
import { int, refuse } from './arguments/check.js'
import { timespecArgument, timevalArgument } from './arguments/time.js'
import { checkSet, type fd_set, noteReuse } from './fd-set.js'
import { caught } from './handlers/caught-signals.js'
import { selectWithHandlers } from './handlers/select-with-handlers.js'
import { pselect as call, time, type Words } from './select-call.js'

/** C's NULL as well. */
type Optional<Type> = Type | null | 0

function wordsOf(name: string, nfds: number, set: Optional<fd_set>): Words {
  if (set === null || set === 0) return null
  checkSet(name, set)
  if (nfds > set.capacity) refuse('nfds', `at most ${set.capacity}, the capacity of ${name}`, nfds)
  noteReuse(set)
  return set.words
}

/** Bits are only ever taken out: the sum is the same when all are still there. */
function sumOf(words: Words, nfds: number): number {
  if (words === null) return 0
  let sum = 0
  const end = (nfds + 31) >> 5
  for (let at = 0; at < end; at++) sum += (words[at] as number) >>> 0
  return sum
}

function markNarrowed(set: Optional<fd_set>, before: number, nfds: number): void {
  if (set !== null && set !== 0) set.narrowed = sumOf(set.words, nfds) !== before
}

/** Microseconds beyond a second are carried over; below zero they stay what the kernel refuses. */
const toTimespec = ({ tv_sec, tv_usec }: timeval): timespec =>
  tv_usec < 0
    ? { tv_sec, tv_nsec: -1 }
    : { tv_sec: tv_sec + Math.floor(tv_usec / 1e6), tv_nsec: (tv_usec % 1e6) * 1000 }

/**
 * Waits until one of the descriptors is ready: readable (data, end of file, a connection to accept), writable, or in an
 * exceptional state (urgent data, MSG_OOB). The sets are changed to those that are; `fd_set(set)` makes copies. select(2)
 *
 * @param nfds the highest descriptor in any of the sets, plus 1; at most the capacity of each
 * @param timeout `null` waits without limit, zero not at all; set to what is left of it, as Linux does
 * @returns the number of bits set in all; `0` at the time-out
 * @throws {PosixError} EBADF (the sets are as they were), EINTR, EINVAL
 */
export function select(
  nfds: number,
  readfds: Optional<fd_set>,
  writefds: Optional<fd_set> = null,
  exceptfds: Optional<fd_set> = null,
  timeout: Optional<timeval> = null,
): number {
  const limit = timeout === 0 ? null : timeout
  int('nfds', nfds)
  const reads = wordsOf('readfds', nfds, readfds)
  const writes = wordsOf('writefds', nfds, writefds)
  const excepts = wordsOf('exceptfds', nfds, exceptfds)
  if (limit !== null) timevalArgument('timeout', limit)
  const given = limit && toTimespec(limit)
  const tell = (left: timespec): void => {
    if (limit === null) return
    limit.tv_sec = left.tv_sec
    limit.tv_usec = Math.floor(left.tv_nsec / 1000)
  }
  if (caught.any) return selectWithHandlers('select', nfds, [reads, writes, excepts], given, null, tell)
  const toRead = sumOf(reads, nfds)
  const toWrite = sumOf(writes, nfds)
  const toExcept = sumOf(excepts, nfds)
  const count = call(nfds, reads, writes, excepts, given, null)
  const errno = count < 0 ? lastErrno() : 0
  if (limit !== null && (errno === 0 || errno === EINTR)) tell(decodeTimespec(time))
  if (count < 0) throw new PosixError(errno, 'select')
  markNarrowed(readfds, toRead, nfds)
  markNarrowed(writefds, toWrite, nfds)
  markNarrowed(exceptfds, toExcept, nfds)
  return count
}

/**
 * As `select`, with nanoseconds, a time-out that is left as it was, and a signal mask that holds while it waits. pselect(2)
 *
 * @param sigmask `null` leaves the mask alone
 */
export function pselect(
  nfds: number,
  readfds: Optional<fd_set>,
  writefds: Optional<fd_set> = null,
  exceptfds: Optional<fd_set> = null,
  timeout: Optional<timespec> = null,
  sigmask: Optional<Signals> = null,
): number {
  const limit = timeout === 0 ? null : timeout
  const blocked = sigmask === 0 ? null : sigmask
  int('nfds', nfds)
  const reads = wordsOf('readfds', nfds, readfds)
  const writes = wordsOf('writefds', nfds, writefds)
  const excepts = wordsOf('exceptfds', nfds, exceptfds)
  if (limit !== null) timespecArgument('timeout', limit)
  const set = blocked && sigsetOfBits(bitsOf(blocked))
  if (caught.any) return selectWithHandlers('pselect', nfds, [reads, writes, excepts], limit, blocked)
  const mask = set && BigUint64Array.of(addressOf(set), 8n)
  const count = call(nfds, reads, writes, excepts, limit, mask)
  if (count < 0) throw new PosixError(lastErrno(), 'pselect')
  return count
}
