/** Which user of this machine is at the other end of a connection, as the kernel knows it. */
import type { Socket } from 'node:net'
import { diagnoseTcp } from '../libc/sock-diag.js'

/** Undefined for one from elsewhere, and where the kernel does not tell. */
export function userBehind({ remotePort, localPort, remoteFamily }: Socket): number | undefined {
  if (remotePort === undefined || localPort === undefined) return undefined
  const family = remoteFamily === 'IPv6' ? 'IPv6' : 'IPv4'
  const ours = diagnoseTcp(family, remotePort).filter(
    (socket) => !socket.isListening && socket.remotePort === localPort,
  )
  // one that nobody holds any more has user 0 and no inode
  return ours.find(({ inode }) => inode !== 0)?.uid
}
