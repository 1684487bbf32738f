/** Putting a signal back that was taken, with its siginfo. */
import { c, lastErrno } from '../../libc/ffi.js'
import { PosixError } from '../../libc/posix-error.js'
import { getpid } from '../../libc/process.js'

const queueRaw: (nr: number, pid: number, signal: number, info: Buffer) => number = c(
  'long syscall(long nr, int tgid, int sig, void *info)',
)
const SYS_rt_sigqueueinfo = process.arch === 'arm64' ? 138 : 129

/** Sends this process a signal as if for the first time: to itself the kernel allows any siginfo. rt_sigqueueinfo(2) */
export function requeue(signal: number, info: Buffer): void {
  if (queueRaw(SYS_rt_sigqueueinfo, getpid(), signal, info) < 0) throw new PosixError(lastErrno(), 'rt_sigqueueinfo')
}
