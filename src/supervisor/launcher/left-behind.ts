/** What a supervisor that was killed has left: its orphans have come to the launcher, a subreaper, which ends them. */
import { setTimeout as delay } from 'node:timers/promises'
import { childrenOf, describeProcess, stateOf } from '../../fork/kin.js'
import { WNOHANG } from '../../libc/constants.js'
import { getpid, waitpid } from '../../libc/process.js'
import { KILLED_MS, killAll, QUIET_LOOKS } from '../reaper.js'
import { isOfTree } from '../tree-mark.js'

/** Between looks: at first and at last. */
const LOOK_AGAIN_MS = 1
const LOOK_AGAIN_AT_MOST_MS = 50

/**
 * Kills and reaps what is below a supervisor that has ended, and nothing else of the program's; for five seconds at most.
 *
 * @returns what could not be ended, in words
 */
export async function endLeftBehind(supervisor: number): Promise<string[]> {
  const pid = getpid()
  const deadline = performance.now() + KILLED_MS
  const forbidden = new Set<number>()
  let quietLooks = 0
  const ofTree = (): number[] | undefined => childrenOf(pid)?.filter((child) => isOfTree(child, supervisor))
  for (let waitMs = LOOK_AGAIN_MS; ; waitMs = Math.min(waitMs * 2, LOOK_AGAIN_AT_MOST_MS)) {
    const left = ofTree()
    const reaped = (left ?? []).filter((child) => waitpid(child, WNOHANG) !== undefined)
    const sent = killAll(left ?? [], (other) => forbidden.add(other))
    // one that ended while the list was read has left its children to us since
    quietLooks = left !== undefined && reaped.length + sent === 0 ? quietLooks + 1 : 0
    if (quietLooks === QUIET_LOOKS) break
    if (performance.now() > deadline) {
      for (const child of ofTree() ?? []) forbidden.add(child)
      break
    }
    await delay(waitMs)
  }
  return [...forbidden].filter((other) => stateOf(other) !== undefined).map(describeProcess)
}
