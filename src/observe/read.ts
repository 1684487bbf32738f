/** Reading in /proc. A process that has ended meanwhile is no error, and one that is another user's is noted. proc(5) */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Processes of which something may not be read: another user's. */
export type Refused = Set<number>

function attempt<Value>(pid: number, refused: Refused, look: () => Value): Value | undefined {
  try {
    return look()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') refused.add(pid)
    else if (code !== 'ENOENT' && code !== 'ESRCH' && code !== 'EINVAL') throw error
    return undefined
  }
}

/** A file of a process: `stat`, `fdinfo/3`. */
export const readFileOf = (pid: number, name: string, refused: Refused): string | undefined =>
  attempt(pid, refused, () => readFileSync(`/proc/${pid}/${name}`, 'utf8'))

/** Where a link of a process leads: `exe`, `fd/3`. */
export const linkOf = (pid: number, name: string, refused: Refused): string | undefined =>
  attempt(pid, refused, () => readlinkSync(`/proc/${pid}/${name}`))

/** What a descriptor stands for: `socket:[123]`, a path. */
export const targetOf = (pid: number, fd: number, refused: Refused): string | undefined =>
  linkOf(pid, `fd/${fd}`, refused)

/** Open descriptors in order. */
export const descriptorNumbersOf = (pid: number, refused: Refused): number[] =>
  (attempt(pid, refused, () => readdirSync(`/proc/${pid}/fd`)) ?? []).map(Number).sort((a, b) => a - b)

export const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
