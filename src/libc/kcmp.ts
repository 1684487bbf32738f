/** Whether two descriptors of two processes are one open file, as only fork(2), dup(2) or passing makes them. kcmp(2) */
import { c } from './ffi.js'

const kcmpRaw: (nr: number, pid1: number, pid2: number, type: number, fd1: number, fd2: number) => number = c(
  'long syscall(long nr, int pid1, int pid2, int type, unsigned long fd1, unsigned long fd2)',
)
const SYS_kcmp = process.arch === 'arm64' ? 272 : 312
const KCMP_FILE = 0

/** @returns 0 for one open file, 1 or 2 for the order of two, -1 where the kernel does not tell */
export const compareFiles = (pid1: number, fd1: number, pid2: number, fd2: number): number =>
  kcmpRaw(SYS_kcmp, pid1, pid2, KCMP_FILE, fd1, fd2)
