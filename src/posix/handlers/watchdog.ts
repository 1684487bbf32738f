/**
 * Breaks off a blocking call that waits although its descriptor was ready: another process was faster. Caught signals
 * are blocked meanwhile, so without this no handler could run before the next client came.
 *
 * A timer of the kernel sends a signal with a C handler that does nothing, and so makes the call fail with EINTR. It is
 * the last real-time signal; a program that uses that one itself goes without.
 */

import { EINTR } from '../../libc/constants.js'
import { c, lastErrno, setErrno } from '../../libc/ffi.js'
import { SIG_DFL, SIGRTMAX } from '../../libc/signal-constants.js'
import { bitOf } from '../../libc/sigset.js'
import { keepOpen } from './caught-signals.js'
import { kernelAction, placeholder, setKernelAction, taken } from './sigaction.js'

const timerCreateRaw: (clock: number, event: Buffer, timer: BigUint64Array) => number = c(
  'int timer_create(int clockid, void *sevp, void *timerid)',
)
const timerSettimeRaw: (timer: bigint, flags: number, next: BigInt64Array, old: null) => number = c(
  'int timer_settime(uint64_t timerid, int flags, void *new_value, void *old_value)',
)

const CLOCK_MONOTONIC = 1
/** sizeof(struct sigevent), and where sigev_signo is; sigev_notify behind it is SIGEV_SIGNAL, 0. */
const SIGEVENT = { bytes: 64, signo: 8 }

/** Again and again, in case one comes just before the call. */
const PATIENCE_NS = 50_000_000n
const running = BigInt64Array.of(0n, PATIENCE_NS, 0n, PATIENCE_NS)
const stopped = new BigInt64Array(4)

/** `null` where there is none to be had. */
let timer: bigint | null | undefined

function createTimer(): bigint | null {
  if (kernelAction(SIGRTMAX).sa_handler !== SIG_DFL) return null
  const event = Buffer.alloc(SIGEVENT.bytes)
  event.writeInt32LE(SIGRTMAX, SIGEVENT.signo)
  const id = new BigUint64Array(1)
  if (timerCreateRaw(CLOCK_MONOTONIC, event, id) < 0) return null
  setKernelAction(SIGRTMAX, placeholder)
  keepOpen(bitOf(SIGRTMAX))
  return id[0] as bigint
}

/** In a freshly forked process, which inherits no timer. timer_create(2) */
export function forgetTimer(): void {
  if (timer !== undefined && timer !== null) {
    keepOpen(0n)
    if (!taken.has(SIGRTMAX)) setKernelAction(SIGRTMAX, SIG_DFL)
  }
  timer = undefined
}

/** Returned for a call that was broken off. */
export const BROKEN_OFF = Symbol('broken off')

const isInterruption = (result: unknown): boolean => typeof result === 'number' && result < 0 && lastErrno() === EINTR

/** Makes a blocking call, for a moment only. What it says, and errno, are as it left them. */
export function brokenOff<Result>(attempt: () => Result): Result | typeof BROKEN_OFF {
  if (taken.has(SIGRTMAX)) return attempt()
  timer ??= createTimer()
  if (timer === null) return attempt()
  timerSettimeRaw(timer, 0, running, null)
  let errno = 0
  try {
    const result = attempt()
    errno = lastErrno()
    return isInterruption(result) ? BROKEN_OFF : result
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error
    return BROKEN_OFF
  } finally {
    timerSettimeRaw(timer, 0, stopped, null)
    setErrno(errno)
  }
}
