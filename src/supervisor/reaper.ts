/** Reaping without zombies, and ending what is left of a tree. */
import { childrenOf, describeProcess, stateOf } from '../fork/kin.js'
import { SIGKILL, WNOHANG } from '../libc/constants.js'
import { trySignal, usleep, waitpid } from '../libc/process.js'

/** So long may processes take to end after SIGKILL. One that waits for a disk that hangs may never. */
export const KILLED_MS = 5000
/** So often in a row nobody is found who can be ended before it is believed: what ends during a look leaves its children behind it. */
export const QUIET_LOOKS = 2
/** Between looks at them: at first and at last. */
const LOOK_AGAIN_US = 100
const LOOK_AGAIN_AT_MOST_US = 20_000

/**
 * Takes every child that has ended. In a loop, because SIGCHLD coalesces; with -1, because the supervisor owns all its
 * children, orphans of theirs included (it is a subreaper). Never to be used where child_process runs.
 */
export function reapAll(report: (pid: number, status: number) => void): void {
  for (let waited = waitpid(-1, WNOHANG); waited !== undefined; waited = waitpid(-1, WNOHANG))
    report(waited.pid, waited.status)
}

/**
 * Sends SIGKILL to processes, and to what is below those that it may not be sent to.
 *
 * @param stays told of each that is another user's
 * @returns how many it was sent to
 */
export function killAll(pids: readonly number[], stays: (pid: number) => void): number {
  let sent = 0
  for (const pid of pids) {
    const became = trySignal(pid, SIGKILL)
    if (became === 'sent') sent++
    if (became !== 'forbidden') continue
    if (stateOf(pid) !== 'Z') stays(pid)
    // zombies of it are for it to reap, and may be so for long
    const below = (childrenOf(pid) ?? []).filter((child) => stateOf(child) !== 'Z')
    sent += killAll(below, stays)
  }
  return sent
}

/** What is to be ended. */
export interface Tree {
  /** This process, a subreaper: what its children leave behind is its child too. */
  pid: number
  /** Its children as far as it has forked them, for when the kernel cannot be asked. */
  known(): readonly number[]
  /** Told of each that was reaped. */
  report(pid: number, status: number): void
  /** Told, at the end, of each that could not be ended, in words. */
  stays(process: string): void
}

/** Kills and reaps until no child is left that can be ended. Never throws, and waits for five seconds at most. */
export function leaveNothing({ pid, known, report, stays }: Tree): void {
  const deadline = performance.now() + KILLED_MS
  const forbidden = new Set<number>()
  let quietLooks = 0
  for (let waitUs = LOOK_AGAIN_US; ; waitUs = Math.min(waitUs * 2, LOOK_AGAIN_AT_MOST_US)) {
    reapAll(report)
    const children = childrenOf(pid) ?? known()
    const left = killAll(children, (other) => forbidden.add(other))
    quietLooks = left === 0 ? quietLooks + 1 : 0
    if (quietLooks === QUIET_LOOKS) break
    if (performance.now() > deadline) {
      reapAll(report)
      for (const child of childrenOf(pid) ?? known()) forbidden.add(child)
      break
    }
    usleep(waitUs)
  }
  for (const other of forbidden) if (stateOf(other) !== undefined) stays(describeProcess(other))
}
