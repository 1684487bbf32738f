/** The other threads of this process, as /proc tells of them. proc(5) */
import { readdirSync, readFileSync } from 'node:fs'
import { getpid } from '../libc/process.js'

/** System calls a sleeping thread is in, by their numbers. */
export const SYS_futex = process.arch === 'arm64' ? '98' : '202'
export const SYS_epoll_pwait = process.arch === 'arm64' ? '22' : '281'

/** Takes samples for `--cpu-prof`, and sleeps in between. */
export const PROFILER = 'v8:ProfEvntProc'

export interface Thread {
  /** Where /proc tells of it. */
  folder: string
  name: string
  /** Number of the system call it is in; `running` when it is in none. */
  call: string
}

/**
 * Looks at every thread but the calling process's first. One that ends meanwhile is left out.
 *
 * @param look given the folder of the thread
 */
export function otherThreads<T>(look: (folder: string) => T): T[] {
  const own = String(getpid())
  return readdirSync('/proc/self/task').flatMap((tid) => {
    if (tid === own) return []
    try {
      return [look(`/proc/self/task/${tid}`)]
    } catch {
      return []
    }
  })
}

// To be given to `otherThreads`. As utf8, for which Node makes no Buffer: V8 must not be driven to collect garbage while its
// threads are stopped.
export const nameOf = (folder: string): string => readFileSync(`${folder}/comm`, 'utf8').trim()
export const callOf = (folder: string): string => readFileSync(`${folder}/syscall`, 'utf8').split(' ')[0] as string
export const nameAndCall = (folder: string): Thread => ({ folder, name: nameOf(folder), call: callOf(folder) })

/** The epoll descriptor in which a thread sleeps; undefined when it sleeps elsewhere or is awake. */
export function epollOf(folder: string): number | undefined {
  const [call, fd] = readFileSync(`${folder}/syscall`, 'utf8').split(' ')
  return call === SYS_epoll_pwait ? Number(fd) : undefined
}

/** How often a thread has gone to sleep. As long as it sleeps, the number stays. */
export const sleepsOf = (folder: string): string =>
  /^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1] ?? ''

/** What is registered with an epoll descriptor of this process. proc_pid_fdinfo(5) */
export const registeredWith = (epoll: number): number[] =>
  [...readFileSync(`/proc/self/fdinfo/${epoll}`, 'utf8').matchAll(/^tfd:\s*(\d+)/gm)].map(([, fd]) => Number(fd))
