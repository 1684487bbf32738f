/** Whether a call is going to wait, asked before it is made. Nothing is taken by asking. */
import { F_GETFL, O_NONBLOCK, POLLIN, WNOHANG } from '../../libc/constants.js'
import { PollSet } from '../../libc/poll.js'
import { fcntlRaw } from '../../libc/raw.js'
import * as posix from '../index.js'

const MSG_NOT_WAITING = posix.MSG_DONTWAIT | posix.MSG_OOB

/** Of `read`, `accept` and their like: what blocks, and has nothing to give, no end and no failure either. */
export function waitsForInput(fd: number): boolean {
  const flags = fcntlRaw(fd, F_GETFL, 0)
  if (!(flags >= 0) || flags & O_NONBLOCK) return false
  const set = new PollSet()
  set.add(fd, POLLIN)
  return set.poll(0) === 0
}

/** Of `recv` and its like. */
export const waitsToReceive = (fd: number, flags = 0): boolean => !(flags & MSG_NOT_WAITING) && waitsForInput(fd)

/** Of `wait` and `waitpid`, for children that end. */
export function waitsForChild(pid: number, options: number): boolean {
  if (options & WNOHANG || pid === 0 || pid < -1) return false
  const type = pid > 0 ? posix.P_PID : posix.P_ALL
  return posix.waitid(type, Math.max(pid, 0), posix.WEXITED | posix.WNOWAIT | WNOHANG) === undefined
}
