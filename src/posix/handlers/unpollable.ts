/** Calls that wait for what poll(2) tells nothing of: the other end of a FIFO, a lock, room in the queue of a listener. */
import { EINTR } from '../../libc/constants.js'
import { type PosixContext, PosixError } from '../../libc/posix-error.js'
import { caught, deliver } from './caught-signals.js'
import { BROKEN_OFF, brokenOff } from './watchdog.js'

/**
 * Makes a call that waits such that handlers can run meanwhile: it is broken off again and again, so one runs with a delay.
 *
 * @param attempt returns what the C function returned; made anew after an interruption
 * @throws {PosixError} EINTR, after a handler installed without SA_RESTART
 */
export function unpollable(syscall: string, attempt: () => number, context?: PosixContext): number {
  if (!caught.any) return attempt()
  deliver()
  for (;;) {
    const result = brokenOff(attempt)
    if (result !== BROKEN_OFF) return result
    if (deliver() === 'interrupt') throw new PosixError(EINTR, syscall, context)
  }
}
