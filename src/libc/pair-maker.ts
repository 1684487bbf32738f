/** Who has made a pair of sockets, as the kernel knows it. unix(7), SO_PEERCRED */
import { SOCK_SEQPACKET, SOL_SOCKET } from './constants.js'
import { SO_PEERCRED, SO_TYPE } from './io-constants.js'
import { PosixError } from './posix-error.js'
import { getsockopt, getsockoptBytes } from './socket.js'

/** struct ucred */
const CREDENTIALS_BYTES = 12

/** The pid of the process that has made the pair that this is one end of; undefined for what is no such end. */
export function pairMaker(socket: number): number | undefined {
  try {
    if (getsockopt(socket, SOL_SOCKET, SO_TYPE) !== SOCK_SEQPACKET) return undefined
    return getsockoptBytes(socket, SOL_SOCKET, SO_PEERCRED, CREDENTIALS_BYTES).readInt32LE(0)
  } catch (error) {
    if (!(error instanceof PosixError)) throw error
    return undefined
  }
}
