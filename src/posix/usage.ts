/** What processes have used: getrusage, and the waits that tell it of a child. */
import type { PidArgument } from '../libc/brand.js'
import { c } from '../libc/ffi.js'
import { decodeTimeval, readInt64, type timeval } from '../libc/layout/time.js'
import { check } from '../libc/posix-error.js'
import { int, noMore } from './arguments/check.js'
import { type Waited, waitAndTell } from './wait.js'

/** struct rusage: times, sizes and counts; those that Linux does not keep are left out. getrusage(2) */
export interface rusage {
  /** Time of the CPU for the program itself. */
  ru_utime: timeval
  /** Time of the CPU for it in the kernel. */
  ru_stime: timeval
  /** The most memory that it had at once, in KiB. */
  ru_maxrss: number
  /** Pages that were given without reading from a device. */
  ru_minflt: number
  /** Pages that had to be read. */
  ru_majflt: number
  /** Blocks read from and written to devices. */
  ru_inblock: number
  ru_oublock: number
  /** How often it waited, and how often another process had its turn instead. */
  ru_nvcsw: number
  ru_nivcsw: number
}

/** A child that was waited for, with what it and those that it waited for have used. */
export interface WaitedWithUsage extends Waited {
  rusage: rusage
}

const RUSAGE_BYTES = 144
const getrusageRaw: (who: number, usage: Uint8Array) => number = c('int getrusage(int who, void *usage)')
const wait4Raw: (pid: number, status: Int32Array, options: number, usage: Uint8Array) => number = c(
  'int wait4(int pid, void *status, int options, void *usage)',
)

/** Words of 8 bytes after the two times. */
const AT = { maxrss: 4, minflt: 8, majflt: 9, inblock: 11, oublock: 12, nvcsw: 16, nivcsw: 17 }

function decode(bytes: Uint8Array): rusage {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const word = (index: number): number => readInt64(view, index * 8)
  return {
    ru_utime: decodeTimeval(view, 0),
    ru_stime: decodeTimeval(view, 16),
    ru_maxrss: word(AT.maxrss),
    ru_minflt: word(AT.minflt),
    ru_majflt: word(AT.majflt),
    ru_inblock: word(AT.inblock),
    ru_oublock: word(AT.oublock),
    ru_nvcsw: word(AT.nvcsw),
    ru_nivcsw: word(AT.nivcsw),
  }
}

/**
 * What this process has used, or the children that it has waited for. getrusage(2)
 *
 * @param who RUSAGE_SELF, RUSAGE_CHILDREN or RUSAGE_THREAD
 * @throws {PosixError} EINVAL
 */
export function getrusage(who: number): rusage
export function getrusage(who: number, more?: unknown): rusage {
  noMore(more, 'getrusage(who), which gives the rusage')
  int('who', who)
  const bytes = new Uint8Array(RUSAGE_BYTES)
  check(getrusageRaw(who, bytes), 'getrusage')
  return decode(bytes)
}

/**
 * As `waitpid`, and tells what the child has used. wait4(2)
 *
 * @returns `undefined`, where C returns 0: WNOHANG was given and none has changed
 * @throws {PosixError} ECHILD, EINTR, EINVAL
 */
export function wait4(pid: PidArgument, options?: 0): WaitedWithUsage
export function wait4(pid: PidArgument, options: number): WaitedWithUsage | undefined
export function wait4(pid: PidArgument, options = 0, more?: unknown): WaitedWithUsage | undefined {
  noMore(more, 'wait4(pid, options?), which gives { pid, status, rusage }')
  return waitAs('wait4', pid, options)
}

/** As `wait4` of any child. wait3(2) @throws {PosixError} ECHILD, EINTR, EINVAL */
export function wait3(options?: 0): WaitedWithUsage
export function wait3(options: number): WaitedWithUsage | undefined
export function wait3(options = 0, more?: unknown): WaitedWithUsage | undefined {
  noMore(more, 'wait3(options?), which gives { pid, status, rusage }')
  return waitAs('wait3', -1, options)
}

function waitAs(syscall: string, pid: PidArgument, options: number): WaitedWithUsage | undefined {
  const bytes = new Uint8Array(RUSAGE_BYTES)
  const call = (waited: number, status: Int32Array, how: number): number => wait4Raw(waited, status, how, bytes)
  const found = waitAndTell(syscall, pid, options, call)
  return found && { ...found, rusage: decode(bytes) }
}
