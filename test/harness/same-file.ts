/** Whether two descriptors of two processes are one open file description, as only a fork or a passing makes them. kcmp(2) */
import { c } from '../../src/libc/ffi.js'
import { type Descriptor, descriptorsOf } from './proc.js'

const kcmp: (nr: number, pid1: number, pid2: number, type: number, fd1: number, fd2: number) => number = c(
  'long syscall(long nr, int pid1, int pid2, int type, unsigned long fd1, unsigned long fd2)',
)
const SYS_kcmp = process.arch === 'arm64' ? 272 : 312
const KCMP_FILE = 0

/** What the test runner itself inherited from its shell reaches every process, and is no concern of ours. */
const ambient = new Set(descriptorsOf(process.pid).map(({ fd, target }) => `${fd} ${target}`))

/** Descriptors of a process beyond the standard streams, without what came from outside. */
export const ownDescriptorsOf = (pid: number): Descriptor[] =>
  descriptorsOf(pid).filter(({ fd, target }) => fd > 2 && !ambient.has(`${fd} ${target}`))

/** Descriptors of `pid` that are also descriptors of `other`; the null device has nothing to share. */
export function sharedWith(pid: number, other: number): Descriptor[] {
  const theirs = ownDescriptorsOf(other)
  return ownDescriptorsOf(pid).filter(
    ({ fd, target }) =>
      target !== '/dev/null' && theirs.some((their) => kcmp(SYS_kcmp, pid, other, KCMP_FILE, fd, their.fd) === 0),
  )
}
