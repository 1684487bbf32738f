/** A worker for one connection that is a whole Node before its client comes. Nothing of the user's runs before that, so it may block. */
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode, wakeNode } from '../../../fork/fork.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { ForkedWorker } from '../../../supervisor/plan.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted } from '../../connection/contract.js'
import { markFailed } from '../../connection/mark-failed.js'
import { Ending } from '../ending.js'
import type { Cast } from '../fork/cast.js'
import { begin, take } from './accounting.js'
import { doorOf, nextClient } from './waiting.js'
import type { NodeServing } from './work-in-node.js'

/** Returns to Node's event loop, which ends when the connection does. */
export function onceInNode(worker: ForkedWorker, serving: NodeServing, cast: Cast): void {
  const { short, onEnd } = serving
  // what is prepared for processes that become a Node later is woken; otherwise all is made anew
  if (cast.lazy) wakeNode(cast.light, short, -1)
  else reviveNode(short)
  const ending = new Ending(`worker ${worker.number}`, onEnd)
  afterEndings(() => {
    begin(worker)
    const fd = nextClient(doorOf(worker.listening), serving.log)
    if (fd === undefined) ending.begin(EXIT.ok)
    else serve(take(worker, fd), serving, cast, ending)
  })
}

function serve(client: Accepted, { terms, onEnd }: NodeServing, cast: Cast, idle: Ending): void {
  const service = cast.service(client)
  const callbacks = cast.callbacks()
  service.ending = new Ending(service.name, onEnd)
  const start = (agreed: Accepted): void => new SocketConnection(agreed, new NodeReactor(), callbacks, terms).start()
  const failed = (): void => {
    markFailed(client.row)
    idle.begin(EXIT.ok)
  }
  if (terms.tls === undefined) start(client)
  else terms.tls.accept(client, start, failed)
}
