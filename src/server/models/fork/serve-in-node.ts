/** The whole of Node for one connection. */
import { describe } from '../../../engine/output/words.js'
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode } from '../../../fork/fork.js'
import type { NoRoom } from '../../../fork/room.js'
import { formatAddress } from '../../../libc/address.js'
import { close } from '../../../libc/fd.js'
import { _exit } from '../../../libc/process.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { ForkedConnection } from '../../../supervisor/plan.js'
import { giveBack } from '../../../supervisor/returned.js'
import { adapt, wrap } from '../../connection/adapt.js'
import { SocketConnection } from '../../connection/connection.js'
import type { ConnectionHandler, Handler } from '../../connection/contract.js'
import type { ConnectionLimits } from '../../connection/limits.js'
import type { EndingHook } from '../../ending-hook.js'
import { Ending } from '../ending.js'

/** How often it waits for threads before it gives its client back: less and less likely to be in the way of others that wait. */
const PATIENCE = 3

/** Ends the process once the handler has finished and the connection is closed. */
class Service {
  #finished: boolean
  #closed = false
  readonly ending: Ending

  constructor(ending: Ending, finished: boolean) {
    this.ending = ending
    this.#finished = finished
  }

  finished(): void {
    this.#finished = true
    this.#endIfDone()
  }

  closed(): void {
    this.#closed = true
    // whoever awaits the connection hears of it first
    setImmediate(() => this.#endIfDone())
  }

  #endIfDone(): void {
    if (this.#finished && this.#closed) this.ending.begin(EXIT.ok)
  }
}

/**
 * Returns to Node's event loop, which ends when the connection does.
 *
 * @param short called while there is no room for that: the client waits
 */
export function serveInNode(
  accepted: ForkedConnection,
  limits: ConnectionLimits,
  handler: Handler,
  onEnd: EndingHook | undefined,
  short: (refusal: () => NoRoom) => void,
): void {
  const { fd, peer, listening, wayBack } = accepted
  let waits = 0
  reviveNode((refusal) => {
    short(refusal)
    if (++waits > PATIENCE && giveBack(wayBack, fd, peer, listening.fd)) _exit(EXIT.gaveBack)
  }, wayBack)
  if (wayBack >= 0) close(wayBack)
  const ending = new Ending(`connection ${formatAddress(accepted.peer)}`, onEnd)
  const service = new Service(ending, typeof handler !== 'function')
  const callbacks = wrap(callbacksOf(handler, service), () => service.closed())
  afterEndings(() => new SocketConnection(accepted, new NodeReactor(), callbacks, limits).start())
}

function callbacksOf(handler: Handler, service: Service): ConnectionHandler {
  if (typeof handler !== 'function') return handler
  return adapt(handler, (how) => {
    if (how.ok) return service.finished()
    service.ending.complain(describe(how.error))
    service.ending.begin(EXIT.failed)
  })
}
