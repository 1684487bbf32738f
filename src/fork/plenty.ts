/**
 * Whether there is room for many processes more, looked at now and then by a process that forks often, and known to each that it forks:
 * those need not try out what they need.
 */
import { nowMs } from '../libc/clock.js'
import { RLIMIT_NPROC } from '../libc/constants.js'
import { readText, tryDescriptors } from '../libc/fd.js'
import { getrlimit } from '../libc/resource.js'
import { groupFolders, groupNumber } from './cgroups.js'
import { allTasks, isExempt } from './limits.js'

/** More than can be taken between two looks. */
const MANY_TASKS = 512
const MANY_DESCRIPTORS = 64
const LOOK_EVERY_MS = 500
const LOOK_EVERY_FORKS = 64

let plenty = false
let lookedMs = Number.NEGATIVE_INFINITY
let forks = 0
/** Of this process: where the kernel tells what holds for its control group. */
let groups: readonly string[] | undefined
let exempt: boolean | undefined

/** Not a number where nothing is mounted at /proc, or no descriptor is left. */
const systemLimit = (name: string): number => Number(readText(`/proc/sys/kernel/${name}`))

function look(): boolean {
  exempt ??= isExempt()
  groups ??= groupFolders('pids')
  const ofUser = exempt ? Number.POSITIVE_INFINITY : getrlimit(RLIMIT_NPROC).soft
  if (!(allTasks() + MANY_TASKS <= Math.min(ofUser, systemLimit('threads-max'), systemLimit('pid_max')))) return false
  for (const folder of groups) {
    const most = groupNumber(folder, 'pids.max') ?? Number.POSITIVE_INFINITY
    if (Number.isFinite(most) && !((groupNumber(folder, 'pids.current') ?? most) + MANY_TASKS <= most)) return false
  }
  return tryDescriptors(MANY_DESCRIPTORS) === 0
}

/** To be called before each fork. */
export function lookForPlenty(): void {
  const now = nowMs()
  if (++forks < LOOK_EVERY_FORKS && now - lookedMs < LOOK_EVERY_MS) return
  forks = 0
  lookedMs = now
  try {
    plenty = look()
  } catch {
    plenty = false // nothing is mounted at /proc
  }
}

/** The next call looks, whenever the last one did. */
export const lookNextTime = (): void => {
  lookedMs = Number.NEGATIVE_INFINITY
}

export const isPlenty = (): boolean => plenty
