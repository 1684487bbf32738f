/** Ending a child that may not do as it is told. */
import { SIGKILL, SIGTERM } from '../libc/constants.js'
import type { Reactor } from '../reactor/reactor.js'
import type { LastSignals } from './last-signals.js'

/** After SIGTERM to what still runs, how long until SIGKILL. */
export const KILL_AFTER_MS = 200

/** @param still whether it is the process, and does what it was told to end for: its number may be another's by then */
export function endChild(pid: number, signals: LastSignals, reactor: Reactor, still: () => boolean): void {
  signals.send(pid, SIGTERM)
  reactor.after(KILL_AFTER_MS, () => {
    if (still()) signals.send(pid, SIGKILL)
  })
}
