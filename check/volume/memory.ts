/** What the processes of a server need of memory, looked at again and again. */
import { readFileSync } from 'node:fs'
import { membersOf } from '../chaos/tree.js'

/** MB that are the process's own, not shared with its parent's: RssAnon. proc(5) */
function ownMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

/** The most it has ever needed; undefined once it has ended. */
export function peakMegabytes(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
  } catch {
    return undefined
  }
}

/** Of each process, by what it is. */
export class MemoryBook {
  /** As many figures for each as it was looked at. */
  readonly samples: Record<string, number[]> = {}

  look(launcher: number): void {
    for (const { pid, title, role } of membersOf(launcher)) {
      const name = role === 'worker' ? (/worker \d+/.exec(title)?.[0] ?? role) : role
      this.samples[name] ??= []
      this.samples[name].push(ownMegabytes(pid))
    }
  }
}
