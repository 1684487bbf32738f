/** Traced: processes. */

import { signalName } from '../../libc/signal.js'
import * as posix from '../index.js'
import { anyValue, flagsValue, statusValue } from './notation.js'
import { say, traced } from './traced.js'
import { waitsForChild } from './waiting.js'

const { WNOHANG, WUNTRACED, WCONTINUED } = posix
const waitOptions = (options: number): string => flagsValue(options, { WNOHANG, WUNTRACED, WCONTINUED })
const statusOf = (waited: posix.Waited | undefined): string =>
  waited === undefined ? 'status' : statusValue(waited.status, signalName)
const pidOf = (waited: posix.Waited | undefined): string => String(waited?.pid ?? 0)

/** Both processes say it, each with its own result. */
export const fork = traced('fork', posix.fork, { given: () => [] })

export const wait = traced('wait', posix.wait, {
  waits: () => waitsForChild(-1, 0),
  given: () => ['status'],
  filled: (waited) => [statusOf(waited)],
  result: pidOf,
})

type Waitpid = (pid: number, options?: number) => posix.Waited | undefined
export const waitpid = traced('waitpid', posix.waitpid as Waitpid, {
  given: (pid, options = 0) => [String(pid), 'status', waitOptions(options)],
  waits: (pid, options = 0) => waitsForChild(pid, options),
  filled: (waited, [pid, options = 0]) => [String(pid), statusOf(waited), waitOptions(options)],
  result: pidOf,
})

const usedBy = (waited: posix.WaitedWithUsage | undefined): string =>
  waited === undefined ? 'rusage' : anyValue({ ru_utime: waited.rusage.ru_utime, ru_stime: waited.rusage.ru_stime })

export const wait3 = traced('wait3', posix.wait3 as (options?: number) => posix.WaitedWithUsage | undefined, {
  given: (options = 0) => ['status', waitOptions(options), 'rusage'],
  filled: (waited, [options = 0]) => [statusOf(waited), waitOptions(options), usedBy(waited)],
  result: (waited) => pidOf(waited),
})
type Wait4 = (pid: number, options?: number) => posix.WaitedWithUsage | undefined
export const wait4 = traced('wait4', posix.wait4 as Wait4, {
  given: (pid, options = 0) => [String(pid), 'status', waitOptions(options), 'rusage'],
  filled: (waited, [pid, options = 0]) => [String(pid), statusOf(waited), waitOptions(options), usedBy(waited)],
  result: (waited) => pidOf(waited),
})

export const waitid = traced('waitid', posix.waitid)

export const kill = traced('kill', posix.kill, {
  given: (pid, signal) => [String(pid), signal === 0 ? '0' : signalName(signal)],
  result: (there) => (there ? '0' : '-1 ESRCH'),
})

export const killpg = traced('killpg', posix.killpg, {
  given: (pgrp, signal) => [String(pgrp), signal === 0 ? '0' : signalName(signal)],
  result: (there) => (there ? '0' : '-1 ESRCH'),
})

export function exit(status: number): never {
  say(`exit(${status})`)
  return posix.exit(status)
}

export function abort(): never {
  say('abort()')
  return posix.abort()
}

export function _exit(status: number): never {
  say(`_exit(${status})`)
  return posix._exit(status)
}

export const execve: typeof posix.execve = (path, argv, env) => {
  say(`execve(${JSON.stringify(path)}, ${JSON.stringify(argv)}, env)`)
  return posix.execve(path, argv, env)
}

const sayExec = (call: string, path: string, argv: readonly unknown[]): void =>
  say(`${call}(${[path, ...argv].map(anyValue).join(', ')})`)

export const execv: typeof posix.execv = (path, argv) => {
  sayExec('execv', path, [argv])
  return posix.execv(path, argv)
}

export const execvp: typeof posix.execvp = (file, argv) => {
  sayExec('execvp', file, [argv])
  return posix.execvp(file, argv)
}

export const execl: typeof posix.execl = (path, ...args) => {
  sayExec('execl', path, args)
  return posix.execl(path, ...args)
}

export const execlp: typeof posix.execlp = (file, ...args) => {
  sayExec('execlp', file, args)
  return posix.execlp(file, ...args)
}

export const getrusage = traced('getrusage', posix.getrusage)
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
