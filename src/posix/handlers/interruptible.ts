/**
 * Blocking calls that let TypeScript signal handlers run: "wait for this descriptor or a signal".
 *
 * Without a handler (`caught.any` is false) nothing here makes a system call. With one, a caught signal is blocked in
 * the kernel and cannot interrupt; so a call first waits for its descriptor and a signalfd, and only then is made.
 */

import { EINTR, F_GETFL, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_WRONLY, POLLIN } from '../../libc/constants.js'
import { lastErrno } from '../../libc/ffi.js'
import { F_DUPFD_CLOEXEC } from '../../libc/io-constants.js'
import { check, PosixError } from '../../libc/posix-error.js'
import { closeRaw, fcntlRaw, pollRaw, signalfdRaw } from '../../libc/raw.js'
import { sigsetOfBits } from '../../libc/sigset.js'
import { caught, deliver, deliverable } from './caught-signals.js'
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

/** In a freshly forked process: the signalfd's set is shared with the parent, and timers are not inherited, so the child gets its own. */
export function forgetSignalDescriptor(): void {
  forgetTimer()
  if (signals >= 0) closeRaw(signals)
  signals = -1
}

/**
 * Waits until `fd` is ready for `events` (or has failed, which the call itself will say), running handlers meanwhile.
 * They have run when it returns or throws.
 *
 * @param syscall what an EINTR names
 * @param events POLLIN or POLLOUT
 * @throws {PosixError} EINTR, after a handler installed without SA_RESTART
 */
export function awaitReady(syscall: string, fd: number, events: number): void {
  const entries = new Int32Array(4)
  let timeoutMs = 0 // at first only look: what came before the call does not interrupt it
  for (;;) {
    entries.set([fd, events, signalDescriptor(), POLLIN])
    if (pollRaw(entries, 2, timeoutMs) < 0) {
      if (lastErrno() !== EINTR) throw new PosixError(lastErrno(), syscall, { fd })
      continue // stopped and continued
    }
    const ready = (entries[1] as number) >>> 16 !== 0
    const delivery = (entries[3] as number) >>> 16 !== 0 ? deliver() : 'none'
    if (ready) return
    if (delivery === 'interrupt' && timeoutMs !== 0) throw new PosixError(EINTR, syscall, { fd })
    timeoutMs = -1
  }
}

/**
 * Makes a blocking call on `fd` such that handlers can run while it waits: `read`, `write`, `accept` and their like.
 * The call is made as it is when no handler is installed, or when `fd` is non-blocking.
 *
 * Where another process takes what was ready, the call waits in vain; after a moment it is broken off, and all begins anew.
 * `attempt` should not wait otherwise: write at most PIPE_BUF bytes to a pipe, and call again.
 *
 * @param attempt returns what the C function returned, or throws what it means
 * @throws {PosixError} EINTR, after a handler installed without SA_RESTART; what `attempt` throws
 */
export function interruptible<Result>(syscall: string, fd: number, events: number, attempt: () => Result): Result {
  if (!caught.any) return attempt()
  const flags = fcntlRaw(fd, F_GETFL, 0)
  const mode = flags & O_ACCMODE
  // what is not open for that is refused at once, and poll(2) would wait for it
  if (flags < 0 || flags & O_NONBLOCK || mode === (events === POLLIN ? O_WRONLY : O_RDONLY)) {
    deliver()
    return attempt()
  }
  for (;;) {
    awaitReady(syscall, fd, events)
    const result = brokenOff(attempt)
    if (result !== BROKEN_OFF) return result
  }
}
