/** The signals of a server: one table for the launcher, the supervisor, the help text and the docs. */
import { SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM } from '../libc/constants.js'
import { defaultSignal } from '../libc/signal.js'

export interface ManagedSignal {
  name: NodeJS.Signals
  number: number
  /** Whether the server ends because of it. */
  stops: boolean
  effect: string
}

/** What people send to the launcher or the supervisor. */
export const serverSignals: readonly ManagedSignal[] = [
  {
    name: 'SIGTERM',
    number: SIGTERM,
    stops: true,
    effect: 'drain: no new connections, running ones finish, then --drain-timeout',
  },
  { name: 'SIGINT', number: SIGINT, stops: true, effect: 'stop at once; the third time, with SIGKILL' },
  { name: 'SIGQUIT', number: SIGQUIT, stops: true, effect: 'stop at once' },
  {
    name: 'SIGHUP',
    number: SIGHUP,
    stops: false,
    effect: 'stop at once when the terminal was closed; else reserved for reload',
  },
]

/** What the supervisor takes through its signalfd. */
export const managedSignals: readonly number[] = [...serverSignals.map(({ number }) => number), SIGCHLD]

/**
 * Gives the server's signals their default action back, here and in all that is forked from here: what the program
 * listens for is the launcher's affair, and run in a connection process it would act on copies.
 */
export function forgetListeners(): void {
  for (const { name, number } of serverSignals) {
    process.removeAllListeners(name)
    defaultSignal(number)
  }
}
