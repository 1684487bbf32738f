/** The whole of Node for one connection, from its first byte: for a program of which something must end in Node's loop first. */
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode, wakeNode } from '../../../fork/fork.js'
import type { NoRoom } from '../../../fork/room.js'
import { close } from '../../../libc/fd.js'
import { _exit } from '../../../libc/process.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { ForkedConnection } from '../../../supervisor/plan.js'
import { giveBack } from '../../../supervisor/returned.js'
import { SocketConnection } from '../../connection/connection.js'
import type { ConnectionHandler } from '../../connection/contract.js'
import type { ConnectionTerms } from '../../connection/limits.js'
import { admit } from '../admit.js'
import { Ending } from '../ending.js'
import type { ModelSettings } from '../model.js'
import { introduceClient } from './introduce-client.js'
import type { HowToEnd } from './serve-lazily.js'
import type { Service } from './service.js'

/** How often it waits for threads before it gives its client back: less and less likely to be in the way of others that wait. */
const PATIENCE = 3

/**
 * Returns to Node's event loop, which ends when the connection does.
 *
 * @param short called while there is no room for that: the client waits
 */
export function serveInNode(
  accepted: ForkedConnection,
  limits: ConnectionTerms & Pick<ModelSettings, 'proxyGate' | 'tls'>,
  callbacks: ConnectionHandler,
  service: Service,
  { onEnd, light, lazy }: HowToEnd & { readonly lazy: boolean },
  short: (refusal: () => NoRoom) => void,
): void {
  const { fd, peer, listening, wayBack } = accepted
  let waits = 0
  const wait = (refusal: () => NoRoom): void => {
    short(refusal)
    if (++waits > PATIENCE && giveBack(wayBack, fd, peer, listening.fd)) _exit(EXIT.gaveBack)
  }
  // what is prepared for processes that become a Node later is woken; otherwise all is made anew
  if (lazy) wakeNode(light, wait, wayBack)
  else reviveNode(wait, wayBack)
  if (wayBack >= 0) close(wayBack)
  const ending = new Ending(service.name, onEnd)
  service.ending = ending
  afterEndings(() => {
    const reactor = new NodeReactor()
    admit(accepted, reactor, limits, {
      under() {},
      named(client) {
        introduceClient(client)
        service.accepted = client
        ending.name = service.name
      },
      start: (client) => new SocketConnection(client, reactor, callbacks, limits).start(),
      failed: () => ending.begin(EXIT.ok),
    })
  })
}
