/** How long a process's main thread has run. proc(5) */
import { readFileSync } from 'node:fs'

/** Of /proc/PID/stat, counted from the one after the name. proc_pid_stat(5) */
const UTIME = 14 - 3
const STIME = 15 - 3
/** sysconf(_SC_CLK_TCK), which Linux tells programs everywhere. */
const TICK_MS = 10

/**
 * Milliseconds that the main thread of `pid` has run, and waited for a CPU where the kernel counts that: on a busy machine a loop gets
 * little of one, and waits the rest of its time. Undefined once the process is gone.
 */
export function wantedCpuMs(pid: number): number | undefined {
  try {
    const [ran, waited] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ').map(Number)
    if (ran !== undefined && waited !== undefined && ran > 0) return (ran + waited) / 1e6
  } catch {
    // a kernel without CONFIG_SCHED_INFO; or a process that has gone
  }
  try {
    const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[UTIME]) + Number(fields[STIME])) * TICK_MS
  } catch {
    return undefined
  }
}
