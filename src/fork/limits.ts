/** How many descriptors, processes and threads the system grants, and how many are there. */
import { readdirSync, readFileSync } from 'node:fs'
import { RLIMIT_NOFILE, RLIMIT_NPROC } from '../libc/constants.js'
import { readText } from '../libc/fd.js'
import { getrlimit } from '../libc/resource.js'
import { groupFolders, groupNumber } from './cgroups.js'

/** A limit on something that is counted. */
export interface CountedLimit {
  /** `ulimit -u`, `/sys/fs/cgroup/…/pids.max` */
  name: string
  most: number
  used: number
}

/** CAP_SYS_ADMIN and CAP_SYS_RESOURCE: RLIMIT_NPROC does not hold for whoever has one, nor for root. getrlimit(2) */
const EXEMPTING = (1n << 21n) | (1n << 24n)

const field = (status: string, name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? ''

/** Whether the limit on processes does not hold for this user. */
export function isExempt(): boolean {
  if (process.getuid?.() === 0) return true
  return (BigInt(`0x${field(readFileSync('/proc/self/status', 'utf8'), 'CapEff') || '0'}`) & EXEMPTING) !== 0n
}

/** All threads of the system, of whatever user: no fewer than this one has; not a number where it cannot be read. proc_loadavg(5) */
export function allTasks(): number {
  const text = readText('/proc/loadavg')
  return text === undefined ? Number.NaN : Number(text.slice(text.indexOf('/') + 1, text.lastIndexOf(' ')))
}

/** Threads of all processes that the user of this one has. Of other namespaces of pids nothing is seen. */
function tasksOfUser(): number {
  const own = String(process.getuid?.())
  let count = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d/.test(name)) continue
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8')
      if (field(status, 'Uid') === own) count += Number(field(status, 'Threads'))
    } catch {
      // it has ended
    }
  }
  return count
}

function limitOfUser(ample: number): CountedLimit[] {
  const { soft } = getrlimit(RLIMIT_NPROC)
  return soft < ample && !isExempt() ? [{ name: 'ulimit -u', most: soft, used: tasksOfUser() }] : []
}

/**
 * What may hold of processes and threads, which the kernel counts alike: by the user, and in each control group.
 *
 * @param ample a limit of so many need not be looked at: to count those of a user takes a look at each process
 */
export function taskLimits(ample = Number.POSITIVE_INFINITY): CountedLimit[] {
  const groups = groupFolders('pids').flatMap((folder) => {
    const most = groupNumber(folder, 'pids.max')
    const used = groupNumber(folder, 'pids.current')
    return most === undefined || used === undefined || !Number.isFinite(most)
      ? []
      : [{ name: `${folder}/pids.max`, most, used }]
  })
  return [...limitOfUser(ample), ...groups]
}

/** Descriptors of this process, which each process forked from it has for itself. */
export const descriptorLimit = (): CountedLimit => ({
  name: 'ulimit -n',
  most: getrlimit(RLIMIT_NOFILE).soft,
  used: readdirSync('/proc/self/fd').length,
})

/** `ulimit -u is 20, 18 in use` */
export const limitInWords = ({ name, most, used }: CountedLimit): string => `${name} is ${most}, ${used} in use`
