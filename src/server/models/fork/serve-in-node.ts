/** The whole of Node for one connection, from its first byte: for a program of which something must end in Node's loop first. */
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode } from '../../../fork/fork.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted, ConnectionHandler } from '../../connection/contract.js'
import type { ConnectionLimits } from '../../connection/limits.js'
import type { EndingHook } from '../../ending-hook.js'
import { Ending } from '../ending.js'
import type { Service } from './service.js'

/** Returns to Node's event loop, which ends when the connection does. */
export function serveInNode(
  accepted: Accepted,
  limits: ConnectionLimits,
  callbacks: ConnectionHandler,
  service: Service,
  onEnd: EndingHook | undefined,
): void {
  reviveNode()
  service.ending = new Ending(service.name, onEnd)
  afterEndings(() => new SocketConnection(accepted, new NodeReactor(), callbacks, limits).start())
}
