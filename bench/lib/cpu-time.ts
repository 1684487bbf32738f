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
