/** Which workers that were forked ahead are ended: those that do not start in time, and those that are too many. */
import { SIGKILL } from '../../libc/constants.js'
import { SIGRTMAX } from '../../libc/signal-constants.js'
import { IDLE, STARTING } from '../../reactor/slot.js'
import type { Child } from '../children.js'
import type { LastSignals } from '../last-signals.js'
import type { Log } from '../log.js'

/** A worker that waits for a client leaves when it comes; one that serves does not hear it. */
export const LEAVE_IF_IDLE = SIGRTMAX

export interface WorkerState {
  readonly child: Child
  /** As its slot shows. */
  readonly state: number
}

export function endLateStarters(
  workers: readonly WorkerState[],
  startTimeoutMs: number,
  signals: LastSignals,
  log: Log,
): void {
  const nowMs = Date.now()
  for (const { child, state } of workers) {
    const { pid, id, startedMs } = child
    if (state !== STARTING || nowMs - startedMs < startTimeoutMs) continue
    log.error({ child: pid, role: 'prefork', id, ms: nowMs - startedMs }, 'prefork process does not start: killed')
    signals.send(pid, SIGKILL)
  }
}

/** The oldest first. One that has taken a client meanwhile does not hear it. */
export function endSurplus(workers: readonly WorkerState[], count: number, signals: LastSignals): void {
  const idle = workers.filter(({ state }) => state === IDLE)
  for (const { child } of idle.slice(0, count)) signals.send(child.pid, LEAVE_IF_IDLE)
}
