/** Whom a page belongs to, and what it may do. */
import { PR_SET_NO_NEW_PRIVS, SIGKILL } from '../libc/constants.js'
import { _exit, getppid, prctl, setParentDeathSignal } from '../libc/process.js'

/** What `tined ps` tells it by. */
const TITLE = 'tined: page'

/** Ends this process with its parent, a stopped one too. PR_SET_PDEATHSIG(2const), PR_SET_NO_NEW_PRIVS(2const) */
export function belongTo(parent: number): void {
  setParentDeathSignal(SIGKILL)
  // it may have died before it was asked for
  if (getppid() !== parent) _exit(0)
  prctl(PR_SET_NO_NEW_PRIVS, 1)
  process.title = TITLE
}

/** The user and the group that own nothing. */
const NOBODY = 65_534

/** False where this process has none to give away, or may not: in some containers there is no such user. credentials(7) */
export function giveAwayPrivileges(): boolean {
  try {
    process.setgroups?.([])
    process.setgid?.(NOBODY)
    process.setuid?.(NOBODY)
    return true
  } catch {
    return false
  }
}
