/** How much memory this process has to itself: what was written since it was forked, and what it has allocated. */
import { readFileSync } from 'node:fs'

/** Between two looks: reading costs as much as serving a short connection. */
const LOOK_MS = 100
const KB = 1024

let lookedMs = 0

/** RssAnon, in bytes; 0 where the kernel does not tell. proc_pid_status(5) */
function privateBytes(): number {
  const [, kb] = /^RssAnon:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? []
  return Number(kb ?? 0) * KB
}

/** Asked after each connection; looked at ten times a second at most. @param limit 0 for none */
export function outgrows(limit: number): boolean {
  if (limit === 0) return false
  const nowMs = Date.now()
  if (nowMs - lookedMs < LOOK_MS) return false
  lookedMs = nowMs
  return privateBytes() > limit
}
