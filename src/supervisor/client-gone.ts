/** The client at the other end of a socket that another process has, asked of the kernel. */
import { close } from '../libc/fd.js'
import { descriptorOf } from '../libc/pidfd.js'
import { hasHungUp } from '../libc/poll.js'
import { getpeername } from '../libc/socket.js'

/**
 * Whether it is gone: reset, or not answering. One that has only sent all it had is not. Where the kernel does not tell, it counts as
 * there.
 */
export function isGone(pid: number, fd: number): boolean {
  const socket = descriptorOf(pid, fd)
  if (socket === undefined) return false
  try {
    getpeername(socket)
    return hasHungUp(socket)
  } catch {
    return false // no socket: the process has opened something else there meanwhile
  } finally {
    close(socket)
  }
}
