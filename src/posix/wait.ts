/** Waiting for children: wait, waitpid, waitid. Handlers run while they block. */

import type { Pid, PidArgument } from '../libc/brand.js'
import { EINTR, SIGCHLD, WCONTINUED, WNOHANG, WUNTRACED } from '../libc/constants.js'
import { c, lastErrno } from '../libc/ffi.js'
import { PosixError } from '../libc/posix-error.js'
import { waitpidRaw } from '../libc/raw.js'
import { decodeSiginfo, SIGINFO_BYTES, type SigInfo } from '../libc/siginfo.js'
import { SA_NOCLDSTOP, SIG_IGN } from '../libc/signal-constants.js'
import { bitOf } from '../libc/sigset.js'
import { timespecOf } from '../libc/timespec.js'
import { int, noMore, uint } from './arguments/check.js'
import {
  caught,
  deliver,
  deliverable,
  run,
  take,
  takenBytes,
  userMask,
  withBlocked,
} from './handlers/caught-signals.js'
import { kernelAction } from './handlers/sigaction.js'
import { requeue } from './handlers/signal-requeue.js'

const waitidRaw: (type: number, id: number, info: Buffer, options: number) => number = c(
  'int waitid(int idtype, unsigned int id, void *infop, int options)',
)

// waitid(2)
export const P_ALL = 0
export const P_PID = 1
export const P_PGID = 2
export const P_PIDFD = 3
export const WSTOPPED = 2
export const WEXITED = 4
export const WNOWAIT = 0x100_0000

/** Where no SIGCHLD tells of a change, it is looked for this often. */
const LOOK_EVERY = timespecOf(20_000_000n)
const CHILD = bitOf(SIGCHLD)

/** A child that was waited for. */
export interface Waited {
  pid: Pid
  /** For the W* macros, or `decodeStatus`. */
  status: number
}

type WaitCall = (pid: number, status: Int32Array, options: number) => number

const status = new Int32Array(1)

/** Makes the call; `undefined` when nothing has changed, or it was interrupted by a stop. */
function tryWaitpid(syscall: string, pid: number, options: number, call: WaitCall): Waited | undefined {
  const reported = call(pid, status, options)
  if (reported > 0) return { pid: reported as Pid, status: status[0] as number }
  if (reported === 0 || lastErrno() === EINTR) return undefined
  throw new PosixError(lastErrno(), syscall, pid === -1 ? {} : { pid })
}

/** Reports whether the kernel is told not to send SIGCHLD for what is waited for. */
function isSilent(options: number): boolean {
  const { sa_handler, sa_flags = 0 } = kernelAction(SIGCHLD)
  return sa_handler === SIG_IGN || ((sa_flags & SA_NOCLDSTOP) !== 0 && (options & (WUNTRACED | WCONTINUED)) !== 0)
}

/** Blocks as wait4(2) does while handlers can run: SIGCHLD is blocked, and waited for besides the caught signals. */
function blockFor<Found>(syscall: string, options: number, look: () => Found | undefined): Found {
  deliver()
  let swallowed: Buffer | undefined
  const waited = (): Found | PosixError => {
    for (;;) {
      const early = look()
      if (early !== undefined) return early
      // asked each time: a handler may have changed what is done with SIGCHLD
      const signal = take(deliverable() | CHILD, isSilent(options) ? LOOK_EVERY : null)
      if (signal <= 0) continue
      if (!(bitOf(signal) & deliverable())) {
        swallowed = takenBytes()
        continue
      }
      const late = look() // as the kernel: what is there counts, even if a signal has come
      const delivery = run(signal)
      if (late !== undefined) return late
      if (delivery === 'interrupt') return new PosixError(EINTR, syscall)
    }
  }
  let found: Found | PosixError
  try {
    found = withBlocked(CHILD, waited)
  } finally {
    // a program that blocks SIGCHLD finds it still waiting, also when a handler has thrown
    if (swallowed !== undefined && userMask() & CHILD) requeue(SIGCHLD, swallowed)
  }
  deliver()
  if (found instanceof PosixError) throw found
  return found
}

/**
 * Takes the status of a child that has ended, or with WUNTRACED stopped, or with WCONTINUED been continued.
 *
 * @param pid > 0 that child, -1 any, 0 any of the caller's process group, < -1 any of the group -pid
 * @returns `undefined`, where C returns 0: WNOHANG was given and none has changed
 * @throws {PosixError} ECHILD: no such child; EINTR: a handler without SA_RESTART ran; EINVAL: unknown options. waitpid(2)
 */
export function waitpid(pid: PidArgument, options?: 0): Waited
export function waitpid(pid: PidArgument, options: number): Waited | undefined
export function waitpid(pid: PidArgument, options = 0, more?: unknown): Waited | undefined {
  noMore(more, 'waitpid(pid, options?), which gives { pid, status }')
  return waitAndTell('waitpid', pid, options, waitpidRaw)
}

/** Waits until any child has ended, and takes its status. wait(2) @throws {PosixError} ECHILD, EINTR */
export function wait(): Waited
export function wait(more?: unknown): Waited {
  noMore(more, 'wait(), which gives { pid, status }')
  return waitAndTell('wait', -1, 0, waitpidRaw) as Waited
}

/** The calls that are waitpid(2) under another name, or tell more. @param call makes it, and returns what C does */
export function waitAndTell(syscall: string, pid: PidArgument, options: number, call: WaitCall): Waited | undefined {
  int('pid', pid)
  int('options', options)
  if (options & WNOHANG) {
    deliver()
    return tryWaitpid(syscall, pid, options, call)
  }
  if (caught.any) return blockFor(syscall, options, () => tryWaitpid(syscall, pid, options | WNOHANG, call))
  for (;;) {
    const waited = tryWaitpid(syscall, pid, options, call)
    if (waited !== undefined) return waited
  }
}

function tryWaitid(type: number, id: number, options: number): SigInfo | undefined {
  const info = Buffer.alloc(SIGINFO_BYTES)
  if (waitidRaw(type, id, info, options) === 0) {
    const decoded = decodeSiginfo(info)
    return decoded.si_pid ? decoded : undefined
  }
  if (lastErrno() === EINTR) return undefined
  throw new PosixError(lastErrno(), 'waitid', type === P_PID ? { pid: id } : {})
}

/**
 * Waits for the changes named in `options`, and tells them apart without macros.
 *
 * @param type P_PID, P_ALL, P_PGID (id 0: the caller's group) or P_PIDFD
 * @param options WEXITED, WSTOPPED, WCONTINUED, at least one; WNOHANG; WNOWAIT leaves the child to be waited for again
 * @returns si_pid, si_uid, si_status, and si_code: CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_STOPPED or CLD_CONTINUED; `undefined` when WNOHANG was given
 * and none has changed
 * @throws {PosixError} ECHILD, EINTR, EINVAL. waitid(2)
 */
export function waitid(type: number, id: number, options: number): SigInfo | undefined
export function waitid(type: number, id: number, options: number, more?: unknown): SigInfo | undefined {
  noMore(more, 'waitid(type, id, options), which gives a siginfo')
  int('type', type)
  uint('id', id)
  int('options', options)
  if (options & WNOHANG) {
    deliver()
    return tryWaitid(type, id, options)
  }
  if (caught.any) return blockFor('waitid', options, () => tryWaitid(type, id, options | WNOHANG))
  for (;;) {
    const found = tryWaitid(type, id, options)
    if (found !== undefined) return found
  }
}
