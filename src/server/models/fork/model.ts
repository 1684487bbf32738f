/** Model `fork`: a freshly forked process for each connection. */
import { becomeChild, type ChildSetup } from '../../../fork/become-child.js'
import { canForkLightly } from '../../../fork/descriptors.js'
import { hasEndings } from '../../../fork/let-go.js'
import { type NoRoom, ROOM_FOR_BRIEF, roomForNode } from '../../../fork/room.js'
import { hostOf } from '../../../libc/address.js'
import { Episode } from '../../../supervisor/episode.js'
import type { Become, ForkedConnection, Serve } from '../../../supervisor/plan.js'
import { NOTHING_PREPARED, type Supervised } from '../../../supervisor/supervised.js'
import { runsBlocking } from '../../connection/contract.js'
import { roomToStart } from '../costs.js'
import { launchSupervised } from '../launch-supervised.js'
import type { ModelDefinition, ModelSettings, ModelSetup } from '../model.js'
import { Cast } from './cast.js'
import { drainSignal } from './drain-signal.js'
import { rehearsalOf } from './rehearsal.js'
import { serveBlocking } from './serve-blocking.js'
import { serveInNode } from './serve-in-node.js'
import { prepareToBeLazy, serveLazily } from './serve-lazily.js'

export const forkModel: ModelDefinition = {
  forks: true,
  sharesMemory: false,
  runsNodesLoop: (handler, { tls }) => tls !== undefined || !runsBlocking(handler),
  held: (handler, { tls }) => ({ tasks: tls === undefined && runsBlocking(handler) ? 1 : 1 + roomForNode().threads }),
  start: (setup) => launchSupervised(describe(setup), setup),
}

function describe({ settings: given, listening, application, log }: ModelSetup): Supervised {
  const settings = { ...given, drain: drainSignal }
  const { maxConnections, drainTimeoutMs, onConnectionEnd } = settings
  const cast = new Cast(application, settings)
  const short = new Episode().teller(log, 'a connection process waits for what Node needs')
  const serveOne: Serve = (forked, child) => serve(forked, child, settings, cast, short)
  return {
    listening,
    maxConnections,
    drainTimeoutMs,
    onConnectionEnd,
    room: roomToStart(application, [cast.blocking ? ROOM_FOR_BRIEF : roomForNode()]),
    watchLimits: settings,
    log,
    prepare(board) {
      board.head.showEncrypted(settings.tls !== undefined)
      const prepared = application.prepare?.(forkModel, log) ?? NOTHING_PREPARED
      cast.lazy = !cast.blocking && settings.tls === undefined && !hasEndings() && prepareToBeLazy(short)
      return prepared
    },
    connections: {
      revives: !cast.blocking,
      get mayForkLightly() {
        return cast.blocking || (cast.lazy && canForkLightly())
      },
      forkedLightly(lightly) {
        cast.light = lightly
      },
      serve: serveOne,
      rehearsal: rehearsalOf(cast, [serveOne, serve]),
    },
  }
}

const TITLE = 'tined: connection '

/** In the forked process: serves at once, or returns what to do in Node's loop. */
function serve(
  forked: ForkedConnection,
  setup: ChildSetup,
  settings: ModelSettings,
  cast: Cast,
  short: (refusal: () => NoRoom) => void,
): number | Become {
  const { peer, id } = forked
  becomeChild(setup, TITLE, peer.family === 'unix' ? -1 : peer.port, id, hostOf(peer))
  if (cast.blocking) return serveBlocking(forked, settings, cast.callbacks(), cast.onEnd)
  const service = cast.service(forked)
  const callbacks = cast.callbacks()
  // where there is not plenty, all that it may need later is had before it reads anything
  if (cast.lazy && forked.plenty) return serveLazily(forked, settings, callbacks, service, cast)
  return () => serveInNode(forked, settings, callbacks, service, cast, short)
}
