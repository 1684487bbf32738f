/** Callbacks only, on blocking calls: the cheapest connection process. */
import { inspect } from 'node:util'
import { complain } from '../../../engine/ending.js'
import { formatAddress } from '../../../libc/address.js'
import { BlockingReactor } from '../../../reactor/blocking-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted, ConnectionHandler } from '../../connection/contract.js'
import type { TimeoutOptions } from '../../connection/deadlines.js'

/** Made before the fork: each process has its own copy of it. */
export const reactor = new BlockingReactor()

/** Serves to the end of the connection. Returns the exit status of its process. */
export function serveBlocking(accepted: Accepted, timeouts: TimeoutOptions, handler: ConnectionHandler): number {
  try {
    const connection = new SocketConnection(accepted, reactor, handler, timeouts)
    connection.start()
    while (!connection.closed) reactor.turn()
    return EXIT.ok
  } catch (error) {
    complain(`tined: connection ${formatAddress(accepted.peer)}: ${inspect(error)}`)
    return EXIT.failed
  }
}
