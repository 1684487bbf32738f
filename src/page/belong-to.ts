/** The page of one server, which `--page` has started: it ends with that server, and may do nothing but look. */
import { PR_SET_NO_NEW_PRIVS, SIGKILL } from '../libc/constants.js'
import { _exit, getppid, prctl, setParentDeathSignal } from '../libc/process.js'

/** What `tined ps` tells it by. */
export const PAGE_TITLE = 'tined: page'

/** Ends this process with its parent, a stopped one too. PR_SET_PDEATHSIG(2const), PR_SET_NO_NEW_PRIVS(2const) */
export function belongTo(launcher: number): void {
  setParentDeathSignal(SIGKILL)
  // it may have died before it was asked for
  if (getppid() !== launcher) _exit(0)
  prctl(PR_SET_NO_NEW_PRIVS, 1)
  process.title = PAGE_TITLE
}
