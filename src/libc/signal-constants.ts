/** signal.h, sys/time.h: what constants.ts does not have. The same on x86-64 and arm64. */
import { constants } from 'node:os'

export const SIG_DFL = 0
export const SIG_IGN = 1

// sigaction(2)
export const SA_NOCLDSTOP = 1
export const SA_NOCLDWAIT = 2
export const SA_SIGINFO = 4
export const SA_RESTART = 0x1000_0000
export const SA_NODEFER = 0x4000_0000
export const SA_RESETHAND = 0x8000_0000

/** First and last real-time signal that the C library leaves to programs. signal(7) */
export const SIGRTMIN = 34
export const SIGRTMAX = 64

// setitimer(2)
export const ITIMER_REAL = 0
export const ITIMER_VIRTUAL = 1
export const ITIMER_PROF = 2

// the rest of signal(7), from Node, which has the numbers of this architecture
export const {
  SIGILL,
  SIGTRAP,
  SIGIOT,
  SIGBUS,
  SIGFPE,
  SIGSTKFLT,
  SIGXCPU,
  SIGXFSZ,
  SIGVTALRM,
  SIGPROF,
  SIGIO,
  SIGPOLL,
  SIGPWR,
  SIGSYS,
} = constants.signals
/** As System V calls it. */
export const SIGCLD = constants.signals.SIGCHLD
