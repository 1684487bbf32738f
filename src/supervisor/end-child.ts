/** Ending a child that may not do as it is told. */
import { SIGKILL, SIGTERM } from '../libc/constants.js'
import { trySignal } from '../libc/process.js'
import type { Reactor } from '../reactor/reactor.js'
import type { Child, Children } from './children.js'

/** After SIGTERM to what still runs, how long until SIGKILL. */
export const KILL_AFTER_MS = 200

export function endChild(child: Child, children: Children, reactor: Reactor): void {
  trySignal(child.pid, SIGTERM)
  reactor.after(KILL_AFTER_MS, () => {
    // its number may be another's by then
    if (children.runs(child)) trySignal(child.pid, SIGKILL)
  })
}
