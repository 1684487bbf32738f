/** Processes: fork, wait, kill, prctl. */

import {
  ECHILD,
  EINTR,
  ESRCH,
  MADV_DOFORK,
  PR_GET_CHILD_SUBREAPER,
  PR_GET_PDEATHSIG,
  PR_SET_CHILD_SUBREAPER,
  PR_SET_NAME,
  PR_SET_PDEATHSIG,
} from './constants.js'
import { tryDescriptors } from './fd.js'
import { c, dlsym, lastErrno } from './ffi.js'
import { check, PosixError } from './posix-error.js'
import { madviseRaw, waitpidRaw } from './raw.js'

const forkRaw: () => number = c('int fork()')
/** glibc 2.34, musl 1.2.3, POSIX.1-2024 */
const lightForkRaw: () => number = dlsym('_Fork') === undefined ? forkRaw : c('int _Fork()')
const killRaw: (pid: number, signal: number) => number = c('int kill(int pid, int sig)')
const setpgidRaw: (pid: number, pgid: number) => number = c('int setpgid(int pid, int pgid)')
const prctlRaw: (option: number, a: number | bigint, b: number | bigint, d: number, e: number) => number = c(
  'int prctl(int option, uint64_t a, uint64_t b, uint64_t c, uint64_t d)',
)
const prctlNameRaw: (option: number, name: string, b: number, d: number, e: number) => number = c(
  'int prctl(int option, const char *name, uint64_t b, uint64_t c, uint64_t d)',
)
const prctlIntoRaw: (option: number, result: Int32Array, b: number, d: number, e: number) => number = c(
  'int prctl(int option, void *result, uint64_t b, uint64_t c, uint64_t d)',
)
const pidfdOpenRaw: (nr: number, pid: number, flags: number) => number = c(
  'long syscall(long nr, int pid, unsigned int flags)',
)
const SYS_pidfd_open = 434

/** getpid(2). Unlike `process.pid` it is true in a forked child at once. */
export const getpid: () => number = c('int getpid()')
/** getppid(2): the parent now, which is another process once the first one has died. */
export const getppid: () => number = c('int getppid()')

/** Highest user address that mappings reach: x86-64 with 4-level page tables, arm64 with 48 bits. */
const USER_END = process.arch === 'x64' ? 0x7fff_ffff_f000n : 0xffff_ffff_f000n

/**
 * The bare fork(2), with all of V8's memory copied. Only the calling thread exists in the child, so this is sound only
 * in a process without other threads; `fork` in `tined` brings a process into that state.
 *
 * V8 maps its heap MADV_DONTFORK. Undoing that and forking are two calls with nothing allocated in between, or V8
 * could map a new page that the child would lack. ENOMEM of madvise only says that the range has holes.
 *
 * @returns 0 in the child, the child's pid in the parent
 * @throws {PosixError} EAGAIN (process limit), ENOMEM, EMFILE (the child needs two descriptors)
 */
export function rawFork(): number {
  // libuv makes a pipe of its own in the child before anybody else comes, and aborts where it cannot
  const errno = tryDescriptors(2)
  if (errno !== 0) throw new PosixError(errno, 'fork')
  madviseRaw(0n, USER_END, MADV_DOFORK)
  const pid = forkRaw()
  return pid >= 0 ? pid : check(pid, 'fork')
}

/**
 * fork(2) without the C library's fork handlers, which touch a page for each heap that a thread ever had, in both
 * processes. Sound only where no other thread exists, for a child that starts none and leaves libuv alone. _Fork(3)
 *
 * @returns 0 in the child, the child's pid in the parent
 * @throws {PosixError} EAGAIN (process limit), ENOMEM
 */
export function lightFork(): number {
  madviseRaw(0n, USER_END, MADV_DOFORK)
  const pid = lightForkRaw()
  return pid >= 0 ? pid : check(pid, 'fork')
}

/** Ends the process at once: no exit handlers, no flushing. Never returns. _exit(2) */
export const _exit: (status: number) => never = c('void _exit(int status)')

/** A child that waitpid reported; `status` is for the W* macros. */
export interface Reaped {
  pid: number
  status: number
}

const status = new Int32Array(1)

/**
 * For the layers above: restarted on EINTR, and no child is no error with WNOHANG. Programs get the one in wait.ts.
 * Takes the status of a child: `pid` > 0 that child, -1 any, 0 the caller's group, < -1 the group -pid. waitpid(2)
 *
 * @returns `undefined` when WNOHANG was given and none has changed, or when there is no such child (`ECHILD`) and WNOHANG was given
 * @throws {PosixError} ECHILD (without WNOHANG), EINVAL
 */
export function waitpid(pid: number, options = 0): Reaped | undefined {
  for (;;) {
    const reported = waitpidRaw(pid, status, options)
    if (reported > 0) return { pid: reported, status: status[0] as number }
    if (reported === 0) return undefined
    const errno = lastErrno()
    if (errno === ECHILD && options & 1) return undefined
    if (errno !== EINTR) throw new PosixError(errno, 'waitpid', { pid })
  }
}

/**
 * Sends `signal` to a process, or to the group -pid. Signal 0 only asks whether it exists. kill(2)
 *
 * @returns false when there is no such process
 * @throws {PosixError} EPERM, EINVAL
 */
export function kill(pid: number, signal: number): boolean {
  if (killRaw(pid, signal) === 0) return true
  if (lastErrno() === ESRCH) return false
  throw new PosixError(lastErrno(), 'kill', { pid })
}

/** What became of a signal. */
export type Signalled = 'sent' | 'gone' | 'forbidden'

/** As `kill`, for whoever cleans up: that a process is another user's is no surprise there, and no reason to stop. */
export function trySignal(pid: number, signal: number): Signalled {
  if (killRaw(pid, signal) === 0) return 'sent'
  return lastErrno() === ESRCH ? 'gone' : 'forbidden'
}

/** setpgid(2) */
export const setpgid = (pid: number, pgid: number): void => void check(setpgidRaw(pid, pgid), 'setpgid', { pid })

/** prctl(2) with integer arguments. */
export const prctl = (option: number, a: number | bigint = 0, b: number | bigint = 0, d = 0): number =>
  check(prctlRaw(option, a, b, d, 0), 'prctl')

/** Asks the kernel to send `signal` to this process when the thread that forked it dies. PR_SET_PDEATHSIG(2const) */
export const setParentDeathSignal = (signal: number): void => void prctl(PR_SET_PDEATHSIG, signal)

const answer = new Int32Array(1)

function prctlAnswer(option: number): number {
  check(prctlIntoRaw(option, answer, 0, 0, 0), 'prctl')
  return answer[0] as number
}

/** What `setParentDeathSignal` was last called with, unless this process has changed its user or group since; 0 for none. */
export const parentDeathSignal = (): number => prctlAnswer(PR_GET_PDEATHSIG)

/** Makes orphaned descendants children of this process rather than of init. PR_SET_CHILD_SUBREAPER(2const) */
export const setChildSubreaper = (on = true): void => void prctl(PR_SET_CHILD_SUBREAPER, on ? 1 : 0)
/**
 * Makes a freshly forked process the leader of a group of its own, and a subreaper; nothing can be in the way of either there.
 * setpgid(2), PR_SET_CHILD_SUBREAPER(2const)
 */
export function leadTree(): void {
  setpgidRaw(0, 0)
  prctlRaw(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
}

/** PR_GET_CHILD_SUBREAPER(2const) */
export const isChildSubreaper = (): boolean => prctlAnswer(PR_GET_CHILD_SUBREAPER) !== 0

/** Sets the 15-byte name of the thread that `ps -o comm` shows. PR_SET_NAME(2const) */
export const setName = (name: string): void => void check(prctlNameRaw(PR_SET_NAME, name, 0, 0, 0), 'prctl')

/** Opens a descriptor that becomes readable when `pid` has terminated. pidfd_open(2) */
export const pidfd_open = (pid: number): number => check(pidfdOpenRaw(SYS_pidfd_open, pid, 0), 'pidfd_open', { pid })

/** usleep(3) */
export const usleep: (microseconds: number) => number = c('int usleep(unsigned int usec)')
