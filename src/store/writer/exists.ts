import { kill } from '../../libc/process.js'

/** Whether there is a process with this pid, which we may signal. kill(2) */
export function exists(pid: number): boolean {
  try {
    return kill(pid, 0)
  } catch {
    return false // EPERM: the pid is somebody else's by now
  }
}
