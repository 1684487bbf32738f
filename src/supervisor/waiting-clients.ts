/** How many clients wait in the queues of listening sockets. tcp(7) */
import { IPPROTO_TCP } from '../libc/constants.js'
import { TCP_INFO } from '../libc/io-constants.js'
import { hasInput } from '../libc/poll.js'
import { getsockoptBytes } from '../libc/socket.js'
import type { Listening } from './plan.js'

/** struct tcp_info: of a listening socket `tcpi_unacked` is its queue. */
const TCPI_UNACKED = 24
const TCP_INFO_BYTES = 28

/** Exact for TCP; of a unix socket the kernel tells only whether there is any. */
export const waitingClients = (listening: readonly Listening[]): number =>
  listening.reduce((sum, each) => sum + waitingAt(each), 0)

function waitingAt({ fd, address }: Listening): number {
  if (address.family === 'unix') return hasInput(fd) ? 1 : 0
  return getsockoptBytes(fd, IPPROTO_TCP, TCP_INFO, TCP_INFO_BYTES).readUInt32LE(TCPI_UNACKED)
}
