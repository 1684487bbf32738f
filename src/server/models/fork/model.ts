/** Model `fork`: a freshly forked process for each connection. */
import { becomeChild, type ChildSetup } from '../../../fork/become-child.js'
import { hostOf } from '../../../libc/address.js'
import type { Become, ForkedConnection, Serve } from '../../../supervisor/plan.js'
import { NOTHING_PREPARED, type Supervised } from '../../../supervisor/supervised.js'
import { type Handler, runsBlocking } from '../../connection/contract.js'
import { launchSupervised } from '../launch-supervised.js'
import type { ModelDefinition, ModelSettings, ModelSetup } from '../model.js'
import { drainSignal } from './drain-signal.js'
import { rehearsalOf } from './rehearsal.js'
import { serveBlocking } from './serve-blocking.js'
import { serveInNode } from './serve-in-node.js'

export const forkModel: ModelDefinition = {
  forks: true,
  sharesMemory: false,
  runsNodesLoop: (handler, { tls }) => tls !== undefined || !runsBlocking(handler),
  start: (setup) => launchSupervised(describe(setup), setup),
}

function describe({ settings: given, listening, application, log }: ModelSetup): Supervised {
  const settings = { ...given, drain: drainSignal }
  const { maxConnections, drainTimeoutMs, onConnectionEnd } = settings
  const serveOne: Serve = (forked, child) => serve(forked, child, settings, application.handler)
  return {
    listening,
    maxConnections,
    drainTimeoutMs,
    onConnectionEnd,
    watchLimits: settings,
    log,
    prepare: () => application.prepare?.(forkModel, log) ?? NOTHING_PREPARED,
    connections: {
      revives: forkModel.runsNodesLoop(application.handler, settings),
      serve: serveOne,
      rehearsal: rehearsalOf(
        application,
        [serveOne, serve],
        settings.onEnd === undefined && settings.tls === undefined,
      ),
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
): number | Become {
  const { peer, id } = forked
  becomeChild(setup, TITLE + hostOf(peer), peer.family === 'unix' ? -1 : peer.port, id)
  if (settings.tls === undefined && runsBlocking(handler))
    return serveBlocking(forked, settings, handler, settings.onEnd)
  return () => serveInNode(forked, settings, handler, settings.onEnd)
}
