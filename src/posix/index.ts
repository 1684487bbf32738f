/** The POSIX layer: C names, TypeScript types. Each function documents its man page. */
export { formatAddress, parseAddress, type SocketAddress } from './address.js'
export { alarm, getitimer, type Itimerval, nanosleep, setitimer, sleep } from './alarm.js'
export { signalfd } from './api/event-descriptors.js'
export { _exit, getpid, getppid, getrlimit, kill, pidfd_open, prctl, setpgid, setrlimit } from './api/processes.js'
export * from './brand.js'
export * from './constants.js'
export * from './credentials.js'
export { execve } from './exec.js'
export * from './io.js'
export * from './io-constants.js'
export { PosixError } from './posix-error.js'
export { raise, sched_yield, sigqueue } from './raise.js'
export type { Limit } from './resource.js'
export {
  type Disposition,
  type Sigaction,
  type SignalAction,
  type SignalHandler,
  sigaction,
  signal,
} from './sigaction.js'
export * from './siginfo.js'
export { type SigSet, signalName, sigset, sigsetMembers } from './signal.js'
export * from './signal-constants.js'
export { pause, sigpending, sigprocmask, sigsuspend, sigtimedwait, sigwait, sigwaitinfo } from './sigprocmask.js'
export { type Signals, sigaddset, sigdelset, sigemptyset, sigfillset, sigismember } from './sigset.js'
export type { Timespec } from './time.js'
export * from './wait.js'
export * from './wait-status.js'
