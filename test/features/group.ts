/** Who is in a process group. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Member {
  pid: number
  /** `4711 Z (node)` */
  words: string
}

export function membersOf(pgid: number): Member[] {
  const members: Member[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const words = `${pid} ${state} ${stat.slice(stat.indexOf('('), stat.lastIndexOf(')') + 1)}`
      if (Number(group) === pgid) members.push({ pid: Number(pid), words })
    } catch {
      // it ended while we looked
    }
  }
  return members
}
