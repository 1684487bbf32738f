/** Callbacks only, on blocking calls: the cheapest connection process. */
import type { Compilable } from '../../../engine/compile.js'
import { lastWords } from '../../../engine/ending.js'
import { complain } from '../../../engine/output/complain.js'
import { sayMissingAtEnd } from '../../../engine/output/missing.js'
import { describe } from '../../../engine/output/words.js'
import { formatAddress } from '../../../libc/address.js'
import { BlockingReactor } from '../../../reactor/blocking-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted, ConnectionHandler } from '../../connection/contract.js'
import type { ConnectionLimits } from '../../connection/limits.js'
import { callHook, type EndingHook } from '../../ending-hook.js'

/** Made before the fork: each process has its own copy of it. */
export const reactor = new BlockingReactor()

/** `process.exitCode` without the way over `process`, which costs a freshly forked process a dozen page faults. */
export const exitCodeOf = Object.getOwnPropertyDescriptor(process, 'exitCode')?.get as () => number | string | undefined

/** Serves to the end of the connection. Returns the exit status of its process. */
export function serveBlocking(
  accepted: Accepted,
  limits: ConnectionLimits,
  handler: ConnectionHandler,
  onEnd: EndingHook | undefined,
): number {
  let status = serveToTheEnd(accepted, limits, handler)
  if (onEnd !== undefined && !callHook(onEnd, nameOf(accepted)) && status === EXIT.ok) status = EXIT.failed
  lastWords()
  return status
}

function serveToTheEnd(accepted: Accepted, limits: ConnectionLimits, handler: ConnectionHandler): number {
  try {
    const connection = new SocketConnection(accepted, reactor, handler, limits)
    connection.start()
    while (!connection.closed) reactor.turn()
    const exitCode = exitCodeOf()
    return exitCode === undefined ? EXIT.ok : Number(exitCode) & 0xff
  } catch (error) {
    complain(`tined: ${nameOf(accepted)}: ${describe(error)}`)
    return EXIT.failed
  }
}

const nameOf = ({ peer }: Accepted): string => `connection ${formatAddress(peer)}`

/** What runs for every connection, named for src/speed. */
export const hot: readonly Compilable[] = [serveBlocking, serveToTheEnd, lastWords, sayMissingAtEnd, exitCodeOf]
