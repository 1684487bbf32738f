/** What the processes of a server need of memory, looked at again and again. */
import { readFileSync } from 'node:fs'
import { membersOf } from '../chaos/tree.js'

/** A line of /proc/PID/status in MB; undefined once the process has ended. proc(5) */
function statusMegabytes(pid: number, name: 'RssAnon' | 'VmHWM'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
  } catch {
    return undefined
  }
}

/** The most it has ever needed. */
export const peakMegabytes = (pid: number): number | undefined => statusMegabytes(pid, 'VmHWM')

/** Of each kind of process, by its name. */
export class MemoryBook {
  /** MB that are its own, not shared with its parent: of the largest of its kind, each time. */
  readonly samples: Record<string, number[]> = {}

  look(launcher: number): void {
    const largest = new Map<string, number>()
    for (const { pid, role } of membersOf(launcher))
      largest.set(role, Math.max(largest.get(role) ?? 0, statusMegabytes(pid, 'RssAnon') ?? 0))
    for (const [role, megabytes] of largest) {
      this.samples[role] ??= []
      this.samples[role].push(megabytes)
    }
  }
}
