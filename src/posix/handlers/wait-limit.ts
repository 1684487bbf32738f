/** How long a call may wait on a socket: what the kernel minds only while the call itself waits in it. socket(7), SO_RCVTIMEO, SO_SNDTIMEO */
import { POLLIN, SOL_SOCKET } from '../../libc/constants.js'
import { SO_RCVTIMEO, SO_SNDTIMEO } from '../../libc/io-constants.js'
import { decodeTimeval, TIMEVAL_BYTES } from '../../libc/layout/time.js'
import { getsockoptRaw } from '../../libc/raw.js'

const time = new Uint8Array(TIMEVAL_BYTES)
const view = new DataView(time.buffer)
const length = new Int32Array(1)

/**
 * Milliseconds, at least one; Infinity where there is no limit, and for what is no socket.
 *
 * @param events POLLIN for one that receives or accepts, POLLOUT for one that sends or connects
 */
export function waitLimitMs(fd: number, events: number): number {
  length[0] = TIMEVAL_BYTES
  const name = events === POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO
  if (getsockoptRaw(fd, SOL_SOCKET, name, time, length) !== 0) return Number.POSITIVE_INFINITY
  const { tv_sec, tv_usec } = decodeTimeval(view)
  return tv_sec === 0 && tv_usec === 0 ? Number.POSITIVE_INFINITY : Math.max(1, tv_sec * 1000 + tv_usec / 1000)
}
