/** The client at the other end of a socket that another process has, asked of the kernel. */
import { formatAddress } from '../libc/address.js'
import { close } from '../libc/fd.js'
import { descriptorOf } from '../libc/pidfd.js'
import { hasHungUp } from '../libc/poll.js'
import { getpeername } from '../libc/socket.js'

/**
 * Who it is, and whether it is gone: reset, or not answering. One that has only sent all it had is not. Where the kernel does not tell,
 * it counts as there.
 */
export function peerOf(pid: number, fd: number): { name: string | undefined; gone: boolean } {
  const socket = descriptorOf(pid, fd)
  if (socket === undefined) return { name: undefined, gone: false }
  try {
    const peer = getpeername(socket)
    return { name: peer === undefined ? undefined : formatAddress(peer), gone: hasHungUp(socket) }
  } catch {
    return { name: undefined, gone: false } // no socket: the process has opened something else there meanwhile
  } finally {
    close(socket)
  }
}
