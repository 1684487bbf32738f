/// <reference types="node" preserve="true" />
/** `tined/posix`: C names, TypeScript types. Each function documents its man page. */
export { formatAddress, parseAddress, type SocketAddress } from '../libc/address.js'
export * from '../libc/brand.js'
export * from '../libc/constants.js'
export * from '../libc/errno-constants.js'
export * from '../libc/io-constants.js'
export type { linger, ucred } from '../libc/layout/options.js'
export type { epoll_event, pollfd } from '../libc/layout/poll.js'
export { SIGNALFD_SIGINFO_BYTES, type signalfd_siginfo } from '../libc/layout/signalfd-siginfo.js'
export type { itimerspec, timespec, timeval } from '../libc/layout/time.js'
export type { addrinfo, Hints } from '../libc/lookup.js'
export { PosixError } from '../libc/posix-error.js'
export * from '../libc/program-constants.js'
export type { Limit } from '../libc/resource.js'
export * from '../libc/siginfo.js'
export { type SigSet, signalName, sigset, sigsetMembers } from '../libc/signal.js'
export * from '../libc/signal-constants.js'
export { type Signals, sigaddset, sigdelset, sigemptyset, sigfillset, sigismember } from '../libc/sigset.js'
export * from '../libc/wait-status.js'
export { alarm, getitimer, type Itimerval, nanosleep, setitimer, sleep, usleep } from './alarm.js'
export type { AddressArgument, sockaddr_in } from './arguments/address.js'
export type { iovec } from './arguments/check.js'
export * from './credentials.js'
export * from './descriptors.js'
export { epoll_create, epoll_create1, epoll_ctl, epoll_pwait, epoll_wait, type Interest } from './epoll.js'
export * from './event-descriptors.js'
export { signalfd } from './event-descriptors.js'
export { execl, execlp, execv, execve, execvp } from './exec.js'
export { FD_CLR, FD_COPY, FD_ISSET, FD_SET, FD_ZERO, fd_set } from './fd-set.js'
export * from './files.js'
export { raise, sched_yield, sigqueue } from './handlers/raise.js'
export {
  type Disposition,
  type Sigaction,
  type SignalAction,
  type SignalHandler,
  sigaction,
  signal,
} from './handlers/sigaction.js'
export {
  pause,
  sigpending,
  sigprocmask,
  sigsuspend,
  sigtimedwait,
  sigwait,
  sigwaitinfo,
} from './handlers/sigprocmask.js'
export * from './inet.js'
export * from './io.js'
export * from './messages.js'
export { getaddrinfo } from './names.js'
export { poll, ppoll } from './poll.js'
export {
  _exit,
  getpid,
  getppid,
  getrlimit,
  kill,
  killpg,
  perror,
  pidfd_open,
  prctl,
  setpgid,
  setrlimit,
  strerror,
} from './processes.js'
export { abort, type Child, exit, fork, main, type Program } from './program.js'
export { pselect, select } from './select.js'
export * from './socket-options.js'
export * from './sockets.js'
export { recv, recvfrom, send, sendto } from './transfer.js'
export * from './usage.js'
export {
  P_ALL,
  P_PGID,
  P_PID,
  P_PIDFD,
  type Waited,
  WEXITED,
  WNOWAIT,
  WSTOPPED,
  wait,
  waitid,
  waitpid,
} from './wait.js'
