/** The control groups that this process is in. cgroups(7) */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from '../libc/fd.js'

/** A line of /proc/self/mountinfo that mounts control groups. proc_pid_mountinfo(5) */
interface Mount {
  /** What of the hierarchy is mounted there. */
  root: string
  at: string
  /** The one hierarchy of version 2. */
  unified: boolean
  /** Of version 1: the controllers, among other options. */
  options: string[]
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean)
  } catch {
    return [] // a kernel without them, or nothing mounted at /proc
  }
}

function mounts(): Mount[] {
  return readLines('/proc/self/mountinfo').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root = '', at = ''] = before.split(' ')
    const [type, , options = ''] = after.split(' ')
    if (type !== 'cgroup' && type !== 'cgroup2') return []
    return [{ root, at, unified: type === 'cgroup2', options: options.split(',') }]
  })
}

/** The path of this process's group in a hierarchy. */
function groupIn(mount: Mount, controller: string): string | undefined {
  for (const line of readLines('/proc/self/cgroup')) {
    const [, controllers = '', ...path] = line.split(':')
    const ours = mount.unified ? controllers === '' : controllers.split(',').includes(controller)
    if (ours) return path.join(':')
  }
  return undefined
}

/** Within a container the mount may show the group of the container as its root. */
const within = (group: string, root: string): string =>
  root !== '/' && (group === root || group.startsWith(`${root}/`)) ? group.slice(root.length) : group

/**
 * The folders of this process's group and of all above it, for a controller: `pids`, `memory`. The innermost comes first; whether
 * the files of the controller are there is to be tried.
 */
export function groupFolders(controller: string): string[] {
  return mounts().flatMap((mount) => {
    if (!mount.unified && !mount.options.includes(controller)) return []
    const group = groupIn(mount, controller)
    if (group === undefined) return []
    const parts = within(group, mount.root).split('/').filter(Boolean)
    return parts.map((_, index) => join(mount.at, ...parts.slice(0, parts.length - index))).concat(mount.at)
  })
}

/** A number of a control group; undefined where there is no such file, Infinity for `max`. */
export function groupNumber(folder: string, file: string): number | undefined {
  const text = readText(`${folder}/${file}`)
  if (text === undefined || text === '') return undefined
  return text.startsWith('max') ? Number.POSITIVE_INFINITY : Number(text)
}
