/**
 * Whom the kernel ends when memory is short. It takes the largest process, and by that the launcher, with which all clients would go;
 * so what serves clients makes itself a better choice. A process may always raise its own score, and nobody needs to lower one.
 * proc_pid_oom_score_adj(5)
 */
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { groupFolders, groupNumber } from '../fork/cgroups.js'

/** The scale of the score: all memory that there is for the group. */
const ALL = 1000
/** Of all memory, in thousandths: for a launcher that grows. */
const LEAST = 100
/** A launcher may have so many times the memory that it has at the start. */
const GROWTH = 2

const residentBytes = (): number =>
  1024 * Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0)

/** What memory is limited to, in whatever group that holds this process: of version 2, and of version 1. */
function memoryBytes(): number {
  const limits = groupFolders('memory').map(
    (folder) => groupNumber(folder, 'memory.max') ?? groupNumber(folder, 'memory.limit_in_bytes') ?? ALL_MEMORY,
  )
  return Math.min(totalmem(), ...limits)
}
const ALL_MEMORY = Number.POSITIVE_INFINITY

/** As they are written; undefined where the kernel has no such thing. */
export interface OomScores {
  readonly own: Uint8Array | undefined
  /** As much above this process's own as puts a process before it, and no more: other programs are not to live at its cost. */
  readonly serving: Uint8Array | undefined
}

export function oomScores(): OomScores {
  try {
    const own = Number(readFileSync('/proc/self/oom_score_adj', 'latin1'))
    const share = Math.ceil((ALL * GROWTH * residentBytes()) / memoryBytes())
    return { own: Buffer.from(`${own}`), serving: Buffer.from(`${Math.min(ALL, own + Math.max(LEAST, share))}`) }
  } catch {
    return { own: undefined, serving: undefined }
  }
}
