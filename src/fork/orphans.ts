/**
 * A subreaper gets orphans: what a shell of the program has left in the background, say. When such a one ends it is a zombie, for Node
 * waits for nobody but those that it has started. Here it is reaped; whom anybody else waits for is not.
 */
import { subscribe } from 'node:diagnostics_channel'
import { awaitedProcesses } from '../engine/handles.js'
import { WNOHANG } from '../libc/constants.js'
import { getpid, isChildSubreaper, setChildSubreaper, waitpid } from '../libc/process.js'
import { childrenOf, stateOf } from './kin.js'

/** Whoever waits for a process of its own in a way that we do not see, an add-on in a thread, has done so by then. */
const GRACE_MS = 250
/** Looking takes longer than to serve a message. */
const LOOK_AT_MOST_MS = 1000

/** Forked by this process: whoever has forked it waits for it. */
const own = new Set<number>()
/** Zombies, and when they were first seen. */
const seen = new Map<number, number>()
let home = 0
let looking = false
/** Who needs this process to be a subreaper. */
let users = 0
let wasSubreaper = false
let lastLookMs = 0

/** Notes a process that whoever has forked it waits for. */
export const noteForked = (pid: number): void => void own.add(pid)

/** Of the children of this process, those that it has adopted. @throws {Error} when this Node is one that we do not know */
function adopted(): number[] {
  const children = childrenOf(home) ?? []
  for (const pid of own) if (!children.includes(pid)) own.delete(pid)
  const awaited = new Set(awaitedProcesses())
  return children.filter((pid) => !own.has(pid) && !awaited.has(pid))
}

/** Reaps those that have been zombies for a while. */
function reapAdopted(candidates: readonly number[]): void {
  const zombies = candidates.filter((pid) => stateOf(pid) === 'Z')
  for (const pid of seen.keys()) if (!zombies.includes(pid)) seen.delete(pid)
  const now = performance.now()
  for (const pid of zombies) {
    const since = seen.get(pid) ?? now
    seen.set(pid, since)
    if (now - since < GRACE_MS) continue
    waitpid(pid, WNOHANG)
    seen.delete(pid)
  }
}

function reap(): void {
  looking = false
  const candidates = adopted()
  reapAdopted(candidates)
  if (seen.size > 0) look()
  if (users === 0 && wasSubreaper === false && candidates.length === 0) stopLooking()
}

/** Not at once: see GRACE_MS. */
function look(): void {
  if (looking || getpid() !== home) return
  looking = true
  setTimeout(reap, GRACE_MS).unref()
}

function stopLooking(): void {
  process.off('SIGCHLD', look)
  home = 0
}

/** From now on what this process adopts is reaped when it has ended. For a process in which Node's loop runs. */
export function reapOrphans(): void {
  users++
  if (home === getpid()) return
  home = getpid()
  looking = false
  seen.clear()
  process.on('SIGCHLD', look)
  look()
}

/** For a process that waits without Node's loop: to be called as often as is convenient. */
export function reapOrphansNow(): void {
  const now = performance.now()
  if (now - lastLookMs < LOOK_AT_MOST_MS) return
  lastLookMs = now
  home = getpid()
  reapAdopted(adopted())
}

/** Makes this process, in which Node's loop runs, a subreaper that reaps, until it resigns as often. */
export function becomeSubreaper(): void {
  if (users === 0) {
    wasSubreaper = isChildSubreaper()
    setChildSubreaper()
  }
  reapOrphans()
}

/** What it has adopted so far it still reaps. */
export function resignAsSubreaper(): void {
  if (--users > 0) return
  // process 1 gets every orphan in any case
  if (!wasSubreaper) setChildSubreaper(false)
  wasSubreaper ||= home === 1
  look()
}

/** Called in a forked process: it has adopted nobody, and its children are others. */
export function leaveOrphans(): void {
  own.clear()
  users = 0
  if (home !== 0) stopLooking()
}

/** For processes that are forked from here and run Node's loop: as `reapOrphans`, from the first program on that they start. */
export function reapOrphansOfPrograms(): void {
  subscribe('child_process', () => {
    if (home !== getpid()) reapOrphans()
  })
}
