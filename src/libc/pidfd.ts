/** Descriptors of processes, and through them descriptors of their files. pidfd_open(2), pidfd_getfd(2) */
import { close } from './fd.js'
import { c } from './ffi.js'
import { pidfd_open } from './process.js'

const SYS_pidfd_getfd = 438
const pidfdGetfdRaw: (nr: number, pidfd: number, fd: number, flags: number) => number = c(
  'long syscall(long nr, int pidfd, int fd, unsigned int flags)',
)

/**
 * A duplicate of another process's descriptor, close-on-exec; undefined where the kernel gives none: to nobody but who may trace the
 * process.
 */
export function descriptorOf(pid: number, fd: number): number | undefined {
  let pidfd: number
  try {
    pidfd = pidfd_open(pid)
  } catch {
    return undefined // a process that has just ended, no descriptor left: who asks goes on without
  }
  const duplicate = pidfdGetfdRaw(SYS_pidfd_getfd, pidfd, fd, 0)
  close(pidfd)
  return duplicate < 0 ? undefined : duplicate
}
