/** Reaping without zombies. */
import { readFileSync } from 'node:fs'
import { SIGKILL, WNOHANG } from '../libc/constants.js'
import { kill, waitpid } from '../libc/process.js'

/**
 * Takes every child that has ended. In a loop, because SIGCHLD coalesces; with -1, because the supervisor owns all its
 * children, orphans of theirs included (it is a subreaper). Never to be used where child_process runs.
 */
export function reapAll(report: (pid: number, status: number) => void): void {
  for (let waited = waitpid(-1, WNOHANG); waited !== undefined; waited = waitpid(-1, WNOHANG))
    report(waited.pid, waited.status)
}

/** Takes every ended process of a group, of which the caller is parent or subreaper; others are not touched. */
export function reapGroup(pgid: number): number {
  let count = 0
  while (waitpid(-pgid, WNOHANG) !== undefined) count++
  return count
}

/** The children of this process as the kernel has them, orphans it adopted included. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Kills and reaps until this subreaper has no child left: what its children leave behind is its child too. */
export function leaveNothing(pid: number, report: (pid: number, status: number) => void): void {
  while (signalChildren(pid, SIGKILL) > 0) reapAll(report)
}

/** Sends a signal to every child; returns how many there were. */
export function signalChildren(pid: number, signal: number): number {
  const children = childrenOf(pid)
  for (const child of children) kill(child, signal)
  return children.length
}
