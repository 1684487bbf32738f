/**
 * How a launcher tells what a supervisor that was killed has left from what is the program's own: by a mark that everything below a
 * supervisor inherits, whatever it executes, and whatever session or user it becomes. It is the limit of file locks, which Linux has
 * not looked at since 2.4.25. setrlimit(2), RLIMIT_LOCKS
 */
import { softLimitOf } from '../fork/kin.js'
import { RLIMIT_LOCKS } from '../libc/constants.js'
import { getrlimit, setrlimit } from '../libc/resource.js'

/** Marks this process, and what comes to be below it. Where the limit is set too low for that, there is no mark. */
export function markTree(supervisor: number): void {
  const { hard } = getrlimit(RLIMIT_LOCKS)
  if (hard >= supervisor) setrlimit(RLIMIT_LOCKS, { soft: supervisor, hard })
}

/** Whether a process is, or was, below that supervisor. */
export const isOfTree = (pid: number, supervisor: number): boolean =>
  softLimitOf(pid, 'Max file locks') === String(supervisor)
