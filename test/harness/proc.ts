/** What the kernel says about processes: readers of /proc. A process that ended while we look is simply not there. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

function attempt<Value>(look: () => Value): Value | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

export interface Stat {
  pid: number
  name: string
  /** R running, S sleeping, T stopped, Z zombie. proc_pid_stat(5) */
  state: string
  ppid: number
  group: number
  session: number
  /** In clock ticks since boot: with the pid, what no later process has. */
  started: number
}

export function statOf(pid: number): Stat | undefined {
  return attempt(() => {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const nameEnd = line.lastIndexOf(')') // the name itself may hold parentheses and blanks
    const [state = '', ppid, group, session, ...more] = line.slice(nameEnd + 2).split(' ')
    const name = line.slice(line.indexOf('(') + 1, nameEnd)
    return {
      pid,
      name,
      state,
      ppid: Number(ppid),
      group: Number(group),
      session: Number(session),
      started: Number(more[15]),
    }
  })
}

/** Reports whether the process exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  const stat = statOf(pid)
  return stat !== undefined && stat.state !== 'Z'
}

export const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

export const allStats = (): Stat[] => allPids().flatMap((pid) => statOf(pid) ?? [])

/** Children, zombies included. */
export const childrenOf = (pid: number): number[] =>
  attempt(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    ?.split(' ')
    .filter(Boolean)
    .map(Number) ?? []

/** Children, their children, and so on. */
export const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])

export const zombiesOf = (pid: number): number[] => childrenOf(pid).filter((child) => statOf(child)?.state === 'Z')

/** Living processes whose environment has this entry, wherever they hang in the tree. */
export const withEnvironment = (entry: string): number[] =>
  allPids().filter((pid) =>
    attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
      ?.split('\0')
      .includes(entry),
  )

/** What a process calls itself: `tined: supervisor`. */
export const titleOf = (pid: number): string =>
  attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    ?.replaceAll('\0', ' ')
    .trim() ?? ''

/** A line of /proc/PID/status, `SigBlk` for example. */
export const statusField = (pid: number, field: string): string | undefined =>
  attempt(() => readFileSync(`/proc/${pid}/status`, 'utf8'))?.match(new RegExp(`^${field}:\\s*(.*)$`, 'm'))?.[1]

/** Private and resident bytes of a process: what it costs alone. */
export const privateBytes = (pid: number): number => {
  const rollup = attempt(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? ''
  return [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB$/gm)].reduce((sum, [, kb]) => sum + Number(kb) * 1024, 0)
}

/** CPU time of all its threads so far, in milliseconds. proc_pid_schedstat */
export const cpuMs = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e6,
    0,
  )

export interface Descriptor {
  fd: number
  /** `socket:[123]`, `pipe:[123]`, `anon_inode:[eventpoll]`, a path. */
  target: string
}

/** Open descriptors in order. */
export const descriptorsOf = (pid: number): Descriptor[] =>
  (attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .flatMap((fd) => {
      const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`))
      return target === undefined ? [] : [{ fd, target }]
    })
