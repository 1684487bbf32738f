/** Ending a child that may not do as it is told. */
import { SIGKILL, SIGTERM } from '../libc/constants.js'
import { trySignal } from '../libc/process.js'
import type { Reactor } from '../reactor/reactor.js'

/** After SIGTERM to what still runs, how long until SIGKILL. */
export const KILL_AFTER_MS = 200

/** @param still whether it is the process, and does what it was told to end for: its number may be another's by then */
export function endChild(pid: number, reactor: Reactor, still: () => boolean): void {
  trySignal(pid, SIGTERM)
  reactor.after(KILL_AFTER_MS, () => {
    if (still()) trySignal(pid, SIGKILL)
  })
}
