/** How long a process's main thread has run. proc(5) */
import { readText } from './fd.js'

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
  // a kernel without CONFIG_SCHED_INFO has no such file
  const [ran, waited] = readText(`/proc/${pid}/task/${pid}/schedstat`)?.split(' ').map(Number) ?? []
  if (ran !== undefined && waited !== undefined && ran > 0) return (ran + waited) / 1e6
  const stat = readText(`/proc/${pid}/task/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[UTIME]) + Number(fields[STIME])) * TICK_MS
}
