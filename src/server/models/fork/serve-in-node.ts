/** The whole of Node for one connection, from its first byte: for a program of which something must end in Node's loop first. */
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode } from '../../../fork/fork.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted, ConnectionHandler } from '../../connection/contract.js'
import type { ConnectionTerms } from '../../connection/limits.js'
import type { EndingHook } from '../../ending-hook.js'
import type { TlsEndpoint } from '../../tls/endpoint.js'
import { Ending } from '../ending.js'
import type { Service } from './service.js'

/** Returns to Node's event loop, which ends when the connection does. */
export function serveInNode(
  accepted: Accepted,
  limits: ConnectionTerms & { readonly tls: TlsEndpoint | undefined },
  callbacks: ConnectionHandler,
  service: Service,
  onEnd: EndingHook | undefined,
): void {
  reviveNode()
  const ending = new Ending(service.name, onEnd)
  service.ending = ending
  const { tls } = limits
  const start = (client: Accepted): void => new SocketConnection(client, new NodeReactor(), callbacks, limits).start()
  const failed = (): void => ending.begin(EXIT.ok)
  afterEndings(() => (tls === undefined ? start(accepted) : void tls.accept(accepted, start, failed)))
}
