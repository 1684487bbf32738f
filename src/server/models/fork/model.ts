/** Model `fork`: a freshly forked process for each connection. */
import { becomeChild, type ChildSetup } from '../../../fork/become-child.js'
import { type NoRoom, ROOM_FOR_BRIEF, roomForNode } from '../../../fork/room.js'
import { hostOf } from '../../../libc/address.js'
import { Episode } from '../../../supervisor/episode.js'
import type { Become, ForkedConnection, Serve } from '../../../supervisor/plan.js'
import { NOTHING_PREPARED, type Supervised } from '../../../supervisor/supervised.js'
import { type Handler, runsBlocking } from '../../connection/contract.js'
import { roomToStart } from '../costs.js'
import { launchSupervised } from '../launch-supervised.js'
import type { ModelDefinition, ModelSettings, ModelSetup } from '../model.js'
import { rehearsalOf } from './rehearsal.js'
import { serveBlocking } from './serve-blocking.js'
import { serveInNode } from './serve-in-node.js'

export const forkModel: ModelDefinition = {
  forks: true,
  sharesMemory: false,
  runsNodesLoop: (handler) => !runsBlocking(handler),
  start: (setup) => launchSupervised(describe(setup), setup),
}

function describe({ settings, listening, application, log }: ModelSetup): Supervised {
  const { maxConnections, drainTimeoutMs } = settings
  const revives = forkModel.runsNodesLoop(application.handler)
  const short = new Episode().teller(log, 'a connection process waits for what Node needs')
  const serveOne: Serve = (forked, child) => serve(forked, child, settings, application.handler, short)
  return {
    listening,
    maxConnections,
    drainTimeoutMs,
    room: roomToStart(application, [revives ? roomForNode() : ROOM_FOR_BRIEF]),
    watchLimits: settings,
    log,
    prepare: () => application.prepare?.(forkModel, log) ?? NOTHING_PREPARED,
    connections: {
      revives,
      serve: serveOne,
      rehearsal: rehearsalOf(application, [serveOne, serve], settings.onEnd === undefined),
    },
  }
}

const TITLE = 'tined: connection '

/** In the forked process: serves at once, or returns what to do in Node's loop. */
function serve(
  forked: ForkedConnection,
  setup: ChildSetup,
  settings: ModelSettings,
  handler: Handler,
  short: (refusal: () => NoRoom) => void,
): number | Become {
  const { peer, id } = forked
  becomeChild(setup, TITLE + hostOf(peer), peer.family === 'unix' ? -1 : peer.port, id)
  if (runsBlocking(handler)) return serveBlocking(forked, settings, handler, settings.onEnd)
  return () => serveInNode(forked, settings, handler, settings.onEnd, short)
}
