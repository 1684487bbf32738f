/**
 * Signals that people send to see what happens, or that a terminal sends to whoever is in its background. Their default action is to end
 * or stop a process; Node's own for SIGUSR1 is to open a debugger, through a thread that a forked process lacks. A server's processes
 * ignore them; listeners of the program work, and programs that are executed start with the default.
 */
import { SIGALRM, SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2 } from '../libc/constants.js'
import { defaultSignal, ignoreSignal, signalName } from '../libc/signal.js'

const UNASKED = [SIGUSR1, SIGUSR2, SIGALRM, SIGTTIN, SIGTTOU]
let ignored = false

/** Also for all that is forked from here. Listeners that the program has set so far are the parent's affair, and go. */
export function ignoreUnasked(): void {
  for (const signal of UNASKED) {
    process.removeAllListeners(signalName(signal))
    ignoreSignal(signal)
  }
  ignored = true
}

/** For a process that becomes a program as in C. */
export function restoreUnasked(): void {
  if (ignored) for (const signal of UNASKED) defaultSignal(signal)
  ignored = false
}

/** Runs `execute`, which returns only by throwing, with the default actions. */
export function withUnaskedRestored(execute: () => never): never {
  const before = ignored
  restoreUnasked()
  try {
    return execute()
  } finally {
    if (before) for (const signal of UNASKED) ignoreSignal(signal)
    ignored = before
  }
}

/** For whoever asks for SIGALRM. */
export function restoreAlarm(): void {
  if (ignored) defaultSignal(SIGALRM)
}
