/** Listeners of the process that a forked one must not have: they would act for the launcher, once in each process. */

const EVENTS = ['exit', 'beforeExit', 'uncaughtException', 'unhandledRejection', 'message', 'disconnect'] as const

type Listener = (...args: unknown[]) => void

/**
 * on-exit-leak-free, by which pino and its like write what they still hold: it registers once for all that is made later, in whatever
 * process.
 */
const flushes = (listener: Listener): boolean => /callRefs\(/.test(Function.prototype.toString.call(listener))

/** The same whether or not the program takes the event. */
export function forgetProcessListeners(): void {
  for (const event of EVENTS)
    for (const listener of process.rawListeners(event) as Listener[])
      if (!flushes(listener)) process.removeListener(event, listener)
}
