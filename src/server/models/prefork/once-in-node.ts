/** A worker for one connection that is a whole Node before its client comes. Nothing of the user's runs before that, so it may block. */
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode, wakeNode } from '../../../fork/fork.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { ForkedWorker } from '../../../supervisor/plan.js'
import { SocketConnection } from '../../connection/connection.js'
import { admit } from '../admit.js'
import { Ending } from '../ending.js'
import type { Cast } from '../fork/cast.js'
import { begin, type Taken, take } from './accounting.js'
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
    else serve(worker, take(worker, fd), serving, cast, ending)
  })
}

function serve(worker: ForkedWorker, taken: Taken, { terms, onEnd }: NodeServing, cast: Cast, idle: Ending): void {
  const service = cast.service(taken)
  const callbacks = cast.callbacks()
  const ending = new Ending(service.name, onEnd)
  service.ending = ending
  const reactor = new NodeReactor()
  admit(taken, reactor, terms, {
    under() {},
    named(client) {
      worker.board.nameClient(worker.row, client.peer)
      service.accepted = client
      ending.name = service.name
    },
    start: (client) => new SocketConnection(client, reactor, callbacks, terms).start(),
    failed: () => idle.begin(EXIT.ok),
  })
}
