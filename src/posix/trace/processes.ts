/** Traced: processes. */

import { signalName } from '../../libc/signal.js'
import * as posix from '../index.js'
import { flagsValue, statusValue } from './notation.js'
import { say, traced } from './traced.js'

const { WNOHANG, WUNTRACED, WCONTINUED } = posix
const waitOptions = (options: number): string => flagsValue(options, { WNOHANG, WUNTRACED, WCONTINUED })
const statusOf = (waited: posix.Waited | undefined): string =>
  waited === undefined ? 'status' : statusValue(waited.status, signalName)
const pidOf = (waited: posix.Waited | undefined): string => String(waited?.pid ?? 0)

/** Both processes say it, each with its own result. */
export const fork = traced('fork', posix.fork, { given: () => [] })

export const wait = traced('wait', posix.wait, {
  given: () => ['status'],
  filled: (waited) => [statusOf(waited)],
  result: pidOf,
})

type Waitpid = (pid: number, options?: number) => posix.Waited | undefined
export const waitpid = traced('waitpid', posix.waitpid as Waitpid, {
  given: (pid, options = 0) => [String(pid), 'status', waitOptions(options)],
  filled: (waited, [pid, options = 0]) => [String(pid), statusOf(waited), waitOptions(options)],
  result: pidOf,
})

export const waitid = traced('waitid', posix.waitid)

export const kill = traced('kill', posix.kill, {
  given: (pid, signal) => [String(pid), signal === 0 ? '0' : signalName(signal)],
  result: (there) => (there ? '0' : '-1 ESRCH'),
})

export function _exit(status: number): never {
  say(`_exit(${status})`)
  return posix._exit(status)
}

export const execve: typeof posix.execve = (path, argv, env) => {
  say(`execve(${JSON.stringify(path)}, ${JSON.stringify(argv)}, env)`)
  return posix.execve(path, argv, env)
}

export const getpid = traced('getpid', posix.getpid)
export const getppid = traced('getppid', posix.getppid)
export const getpgid = traced('getpgid', posix.getpgid)
export const getpgrp = traced('getpgrp', posix.getpgrp)
export const getsid = traced('getsid', posix.getsid)
export const setsid = traced('setsid', posix.setsid)
export const setpgid = traced('setpgid', posix.setpgid)
export const pidfd_open = traced('pidfd_open', posix.pidfd_open)
export const prctl = traced('prctl', posix.prctl)
export const getrlimit = traced('getrlimit', posix.getrlimit)
export const setrlimit = traced('setrlimit', posix.setrlimit)
export const sched_yield = traced('sched_yield', posix.sched_yield)
