/**
 * Blocking calls that let TypeScript signal handlers run: "wait for this descriptor or a signal".
 *
 * Without a handler (`caught.any` is false) nothing here makes a system call. With one, a caught signal is blocked in
 * the kernel and cannot interrupt; so a call first waits for its descriptor and a signalfd, and only then is made.
 */

import { EAGAIN, EINTR, F_GETFL, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_WRONLY, POLLIN } from '../../libc/constants.js'
import { lastErrno, setErrno } from '../../libc/ffi.js'
import { F_DUPFD_CLOEXEC } from '../../libc/io-constants.js'
import { check, PosixError } from '../../libc/posix-error.js'
import { closeRaw, fcntlRaw, pollRaw, signalfdRaw } from '../../libc/raw.js'
import { sigsetOfBits } from '../../libc/sigset.js'
import { caught, deliver, deliverable } from './caught-signals.js'
import { waitLimitMs } from './wait-limit.js'
import { BROKEN_OFF, brokenOff, forgetTimer } from './watchdog.js'

const O_ACCMODE = 3
/** Out of the way of the descriptors that a program counts. */
const FIRST_FD = 900

let signals = -1
let watched = 0n

/**
 * A descriptor that is readable while a caught signal waits that the program does not block; for calls that wait for
 * several descriptors themselves. The same one each time; never to be closed or read. Then call `deliver`.
 */
export function signalDescriptor(): number {
  const wanted = deliverable()
  if (signals >= 0 && wanted === watched) return signals
  const set = sigsetOfBits(wanted)
  watched = wanted
  if (signals >= 0) return check(signalfdRaw(signals, set, 0), 'signalfd')
  signals = check(signalfdRaw(-1, set, O_CLOEXEC | O_NONBLOCK), 'signalfd')
  const higher = fcntlRaw(signals, F_DUPFD_CLOEXEC, FIRST_FD)
  if (higher < 0) return signals // the limit is lower than that
  closeRaw(signals)
  signals = higher
  return signals
}

/** Before the program closes descriptors or takes their numbers: ours among them is made anew when it is needed. */
export function forgetClosed(first: number, last: number): void {
  if (signals >= first && signals <= last) signals = -1
}

/** In a freshly forked process: the signalfd's set is shared with the parent, and timers are not inherited, so the child gets its own. */
export function forgetSignalDescriptor(): void {
  forgetTimer()
  if (signals >= 0) closeRaw(signals)
  signals = -1
}

/** Of a call: it has just been made, it has waited already, it has read or written something. */
export type Progress = 'new' | 'begun' | 'moved'

/** How waiting ended: also that a handler has run which ends the call, so that it must not wait any more; or that its time was up. */
export type Waited = 'ready' | 'interrupted' | 'late'

/**
 * Waits until `fd` is ready for `events` (or has failed, which the call itself will say), running handlers meanwhile.
 * They have run when it returns or throws.
 *
 * @param syscall what an EINTR names
 * @param events POLLIN or POLLOUT
 * @param progress how far the call is: what came before it has begun does not interrupt it, and what has moved something is
 *   never restarted
 * @throws {PosixError} EINTR, after a handler installed without SA_RESTART; after any where the socket has a time-out. signal(7)
 */
export function awaitReady(syscall: string, fd: number, events: number, progress: Progress = 'new'): Waited {
  const entries = new Int32Array(4)
  let timeoutMs = progress === 'new' ? 0 : -1 // at first only look
  let until: number | undefined
  for (;;) {
    if (timeoutMs !== 0) {
      until ??= performance.now() + waitLimitMs(fd, events)
      if (until < Number.POSITIVE_INFINITY) timeoutMs = Math.max(1, Math.ceil(until - performance.now()))
    }
    entries.set([fd, events, signalDescriptor(), POLLIN])
    if (pollRaw(entries, 2, timeoutMs) < 0) {
      if (lastErrno() !== EINTR) throw new PosixError(lastErrno(), syscall, { fd })
      continue // stopped and continued
    }
    const ready = (entries[1] as number) >>> 16 !== 0
    const delivery = (entries[3] as number) >>> 16 !== 0 ? deliver() : 'none'
    const limited = until !== undefined && until < Number.POSITIVE_INFINITY
    const ends = progress === 'moved' || limited ? delivery !== 'none' : delivery === 'interrupt' && timeoutMs !== 0
    if (ready) return ends ? 'interrupted' : 'ready'
    if (ends) throw new PosixError(EINTR, syscall, { fd })
    if (limited && performance.now() >= (until as number)) return 'late'
    timeoutMs = -1
  }
}

/** What a C function returns whose time is up: -1 and EAGAIN. */
export function late(): number {
  setErrno(EAGAIN)
  return -1
}

/**
 * Makes a blocking call on `fd` such that handlers can run while it waits: `read`, `write`, `accept` and their like.
 * The call is made as it is when no handler is installed, or when `fd` is non-blocking.
 *
 * Where another process takes what was ready, the call waits in vain; after a moment it is broken off, and all begins anew.
 * `attempt` should not wait otherwise: write at most PIPE_BUF bytes to a pipe, and call again.
 *
 * @param attempt returns what the C function returned
 * @param now the same without waiting, where there is such a call; the kernel is asked by it before poll(2) is, which
 *   would wait for what is refused at once. `undefined` when it would wait, or is not to be had
 * @param moved whether it is the rest of a call that has moved something: then any handler ends it
 * @throws {PosixError} EINTR, after a handler installed without SA_RESTART
 */
export function interruptible(
  syscall: string,
  fd: number,
  events: number,
  attempt: () => number,
  now: () => number | undefined = () => undefined,
  moved = false,
): number {
  if (!caught.any) return attempt()
  if (deliver() !== 'none' && moved) throw new PosixError(EINTR, syscall, { fd })
  const first = now()
  if (first !== undefined) return first
  const flags = fcntlRaw(fd, F_GETFL, 0)
  const mode = flags & O_ACCMODE
  // what is not open for that is refused at once, and poll(2) would wait for it
  if (flags < 0 || flags & O_NONBLOCK || mode === (events === POLLIN ? O_WRONLY : O_RDONLY)) return attempt()
  for (let progress: Progress = moved ? 'moved' : 'new'; ; progress = moved ? 'moved' : 'begun') {
    const waited = awaitReady(syscall, fd, events, progress)
    if (waited === 'late') return late()
    const result = now() ?? brokenOff(attempt)
    if (result !== BROKEN_OFF) return result
    if (waited === 'interrupted') throw new PosixError(EINTR, syscall, { fd })
  }
}
