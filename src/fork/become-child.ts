/** The first thing a forked process does: let go of what is its parent's, and take a name. */
import { constants } from 'node:os'
import { renewIdentity } from '../engine/identity.js'
import { setTitle } from '../engine/title.js'
import { tryWriteTo } from '../libc/fd.js'
import { _exit, getppid, setParentDeathSignal } from '../libc/process.js'
import { applySignalMask, type SigSet } from '../libc/signal.js'
import { closeRuns, type Run } from './descriptors.js'

/** What a child is to let go of, and what it lives by. */
export interface ChildSetup {
  /** Descriptors that are not for this process. */
  readonly close: Run[]
  /** The signal mask to run with. */
  readonly mask: SigSet
  /** The parent that must be alive; when it dies, so does this process. */
  readonly parent: number
  /** Sent by the kernel when the parent dies; 0 for none. */
  readonly deathSignal: number
  /** Its oom_score_adj, as it is written; undefined to have the parent's. */
  readonly oomScore: Uint8Array | undefined
}

/**
 * Makes a freshly forked process one of its own. A process can do it to itself with nothing to close and nothing to die of,
 * and stays as it was but for its name.
 *
 * @param title what `ps` shows: `tined: connection `, then the host, a port and a number; negative for none
 */
export function becomeChild(setup: ChildSetup, title: string, port = -1, id = -1, host = ''): void {
  setParentDeathSignal(setup.deathSignal)
  // it may have died between the fork and this line
  if (getppid() !== setup.parent) _exit(constants.signals.SIGTERM + 128)
  closeRuns(setup.close)
  if (setup.oomScore !== undefined) tryWriteTo('/proc/self/oom_score_adj', setup.oomScore)
  applySignalMask(setup.mask)
  renewIdentity(false)
  setTitle(title, port, id, host)
}
