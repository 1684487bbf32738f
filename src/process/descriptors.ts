/** Which descriptors a process holds, and closing those that are not its own. */
import { readdirSync, readlinkSync } from 'node:fs'
import { close, close_range } from '../posix/fd.js'
import { c } from '../posix/libc.js'
import { uv_backend_fd } from '../posix/uv.js'

/** First and last descriptor, both included. */
export type Run = readonly [first: number, last: number]

/** Joins descriptors into runs, so that closing many costs few calls. */
export function runs(fds: readonly number[]): Run[] {
  const sorted = [...new Set(fds)].sort((a, b) => a - b)
  const joined: [number, number][] = []
  for (const fd of sorted) {
    const last = joined.at(-1)
    if (last !== undefined && last[1] === fd - 1) last[1] = fd
    else joined.push([fd, fd])
  }
  return joined
}

/** Closes every descriptor of the runs; those that are closed already do not matter. */
export function closeRuns(list: readonly Run[]): void {
  for (const [first, last] of list) close_range(first, last)
}

interface Descriptor {
  fd: number
  /** `socket:[123]`, `anon_inode:[eventpoll]`, a path */
  target: string
}

/** The open descriptors of a process. */
export function descriptors(pid: number | 'self' = 'self'): Descriptor[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap((name) => {
    try {
      return [{ fd: Number(name), target: readlinkSync(`${folder}/${name}`) }]
    } catch {
      return [] // the one that read the folder
    }
  })
}

const kcmp: (nr: number, pid1: number, pid2: number, type: number, fd1: number, fd2: number) => number = c(
  'long syscall(long nr, int pid1, int pid2, int type, unsigned long fd1, unsigned long fd2)',
)
const SYS_kcmp = process.arch === 'arm64' ? 272 : 312
const KCMP_FILE = 0

/** Descriptors of event loops: nothing that user code can open from JavaScript. */
const isLoopOwned = (target: string, all: readonly Descriptor[]): boolean =>
  /^anon_inode:\[(eventpoll|eventfd|io_uring)\]$/.test(target) ||
  (target.startsWith('pipe:') && all.filter((other) => other.target === target).length === 2)

/**
 * After `uv_loop_fork` in a forked process: the descriptors of its own, fresh event loop, and those of the parent's
 * loops that are still shared and serve no purpose here.
 */
export function loopDescriptors(parent: number, mine: readonly number[]): { own: number[]; foreign: number[] } {
  const all = descriptors()
  const backend = uv_backend_fd()
  const own: number[] = []
  const foreign: number[] = []
  for (const { fd, target } of all) {
    if (fd <= 2 || mine.includes(fd) || !isLoopOwned(target, all)) continue
    // equal to what the parent has under this number: the same open file description, so not ours. kcmp(2)
    const shared = kcmp(SYS_kcmp, process.pid, parent, KCMP_FILE, fd, fd) === 0
    if (shared && fd !== backend) foreign.push(fd)
    else own.push(fd)
  }
  return { own, foreign }
}

/** Closes one by one, as `close` does, in a process that knows they are open. */
export const closeAll = (fds: readonly number[]): void => {
  for (const fd of fds) close(fd)
}
