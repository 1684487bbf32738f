/** The first thing a forked process does: let go of what is its parent's, and take a name. */
import { constants } from 'node:os'
import { renewIdentity } from '../engine/identity.js'
import { setTitle } from '../engine/title.js'
import { _exit, getppid, setParentDeathSignal } from '../libc/process.js'
import { applySignalMask, type SigSet } from '../libc/signal.js'
import { closeRuns, type Run } from './descriptors.js'

export interface Settlement {
  /** Descriptors that are not for this process. */
  close: readonly Run[]
  /** The signal mask to run with. */
  mask: SigSet
  /** The parent that must be alive; when it dies, so does this process. */
  parent: number
  /** Sent by the kernel when the parent dies; 0 for none. */
  deathSignal: number
  /** What `ps` shows: `tined: connection 127.0.0.1`, a port, a number; the last two negative for none. */
  title: string
  port: number
  id: number
}

/**
 * Settles into a forked process. Made so that the parent can run it on itself with nothing to close, which leaves the
 * code compiled for every child that follows.
 */
export function settle(settlement: Settlement): void {
  setParentDeathSignal(settlement.deathSignal)
  // it may have died between the fork and this line
  if (getppid() !== settlement.parent) _exit(constants.signals.SIGTERM + 128)
  closeRuns(settlement.close)
  applySignalMask(settlement.mask)
  renewIdentity(false)
  setTitle(settlement.title, settlement.port, settlement.id)
}
