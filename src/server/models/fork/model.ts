/** Model `fork`: a freshly forked process for each connection. */
import { becomeChild, type ChildSetup } from '../../../fork/become-child.js'
import { canForkLightly } from '../../../fork/descriptors.js'
import { hasEndings } from '../../../fork/let-go.js'
import { type NoRoom, ROOM_FOR_BRIEF, roomForNode } from '../../../fork/room.js'
import { hostOf } from '../../../libc/address.js'
import { Episode } from '../../../supervisor/episode.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Become, ForkedConnection, Serve } from '../../../supervisor/plan.js'
import { NOTHING_PREPARED, type Supervised } from '../../../supervisor/supervised.js'
import { runsBlocking } from '../../connection/contract.js'
import { roomToStart } from '../costs.js'
import { launchSupervised } from '../launch-supervised.js'
import { countsOtherBytes, type ModelDefinition, type ModelSettings, type ModelSetup } from '../model.js'
import { Cast } from './cast.js'
import { drainSignal } from './drain-signal.js'
import { fromProxy, portOf, TITLE } from './introduce-client.js'
import { rehearsalOf } from './rehearsal.js'
import { reactor, serveBlocking } from './serve-blocking.js'
import { serveInNode } from './serve-in-node.js'
import { reactor as lazyReactor, prepareToBeLazy, serveLazily } from './serve-lazily.js'

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
      board.head.showOtherBytes(countsOtherBytes(settings))
      const prepared = application.prepare?.(forkModel, log) ?? NOTHING_PREPARED
      cast.lazy = !cast.blocking && settings.tls === undefined && !hasEndings() && prepareToBeLazy(short)
      return prepared
    },
    connections: {
      revives: !cast.blocking,
      introduces: settings.proxyGate !== undefined,
      get mayForkLightly() {
        return cast.blocking || (cast.lazy && canForkLightly())
      },
      forkedLightly(lightly) {
        cast.light = lightly
      },
      serve: serveOne,
      rehearsal: rehearsalOf(cast, [serveOne, serve, begin, portOf]),
    },
  }
}

/** In the forked process: serves at once, or returns what to do in Node's loop. */
function serve(
  forked: ForkedConnection,
  setup: ChildSetup,
  settings: ModelSettings,
  cast: Cast,
  short: (refusal: () => NoRoom) => void,
): number | Become {
  becomeChild(setup, TITLE, portOf(forked), forked.id, hostOf(forked.peer))
  // where there is not plenty, all that it may need later is had before it reads anything
  const startsInNode = !cast.blocking && !(cast.lazy && forked.plenty)
  if (cast.proxyGate === undefined || startsInNode) return begin(forked, startsInNode, settings, cast, short)
  const client = fromProxy(forked, cast.proxyGate, cast.blocking ? reactor : lazyReactor, setup)
  return client === undefined ? EXIT.ok : begin(client, startsInNode, settings, cast, short)
}

function begin(
  client: ForkedConnection,
  inNode: boolean,
  settings: ModelSettings,
  cast: Cast,
  short: (refusal: () => NoRoom) => void,
): number | Become {
  if (cast.blocking) return serveBlocking(client, settings, cast.callbacks(), cast.onEnd)
  const service = cast.service(client)
  const callbacks = cast.callbacks()
  if (inNode) return () => serveInNode(client, settings, callbacks, service, cast, short)
  return serveLazily(client, settings, callbacks, service, cast)
}
