import { readdirSync, readFileSync } from 'node:fs'
import type { Process } from './process-tree.js'

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`)
  } catch {
    return []
  }
}

function nanoseconds(file: string): number {
  try {
    return Number(readFileSync(file, 'latin1').split(' ')[0])
  } catch {
    return 0
  }
}

/** CPU time that the living threads of these processes have had, in nanoseconds. What a thread had that has ended is not in it. */
export function cpuTimeNs(processes: readonly Process[]): number {
  return processes.flatMap(({ pid }) => threads(pid)).reduce((sum, file) => sum + nanoseconds(file), 0)
}

/** USER_HZ, which Linux has at 100 on every machine that Node runs on. */
const TICK_MS = 10

/**
 * CPU time of these processes and of all children that they have waited for, in milliseconds: for a server that forks, of its
 * connections too. It hardly depends on what else the machine does.
 */
export function cpuTimeWithChildrenMs(processes: readonly Process[]): number {
  return TICK_MS * processes.reduce((sum, process) => sum + ticksOf(process), 0)
}

function ticksOf({ pid }: Process): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // utime, stime, cutime, cstime: 14 to 17, counted from 1. proc_pid_stat(5)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0)
  } catch {
    return 0 // it has ended, and its parent has its time
  }
}
