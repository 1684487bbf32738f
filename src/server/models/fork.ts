/** Model `fork`: a freshly forked process for each connection. */
import { inspect } from 'node:util'
import { type Compilable, methodsOf } from '../../engine/compile.js'
import { complain } from '../../engine/ending.js'
import { renewIdentity } from '../../engine/identity.js'
import { setTitle } from '../../engine/title.js'
import { settle } from '../../fork/become-child.js'
import { closeRuns } from '../../fork/descriptors.js'
import { reviveNode } from '../../fork/fork.js'
import { formatAddress, hostOf } from '../../libc/address.js'
import { close_range } from '../../libc/fd.js'
import { setParentDeathSignal } from '../../libc/process.js'
import { applySignalMask } from '../../libc/signal.js'
import { shutdown } from '../../libc/socket.js'
import { recvNow, sendNow, sendNowAt } from '../../libc/stream.js'
import { NodeReactor } from '../../reactor/node-reactor.js'
import { PollReactor, PollWatch } from '../../reactor/poll-reactor.js'
import type { Foreign, SupervisedForking } from '../../supervisor/birth.js'
import { EXIT } from '../../supervisor/exit-status.js'
import type { Log } from '../../supervisor/log.js'
import type { ForkedConnection, Listening } from '../../supervisor/plan.js'
import type { Application } from '../application.js'
import { type Accepted, Connection } from '../connection/connection.js'
import { adapt, type ConnectionHandler, type Handler, wrap } from '../connection/handler.js'
import { receive, received, send } from '../connection/read-buffer.js'
import type { ServerOptions } from '../options.js'

/** Describes the server to the supervisor. */
export function forkModel(
  options: ServerOptions,
  listening: readonly Listening[],
  application: Application,
  log: Log,
): SupervisedForking {
  return {
    listening,
    maxConnections: options.maxConnections,
    drainTimeoutMs: options.drainTimeoutMs,
    log,
    revives: !runsBlocking(application.handler),
    prepare: () => application.prepare?.('fork', log) ?? { services: [], closeInConnections: [] },
    rehearsal: application.rehearsal,
    whileWaiting: (act) => reactor.after(0, act),
    rehearsed: () => application.rehearsed?.(),
    roots,
    hot: [...hot, ...callbacksOf(application.handler)],
    connection: (forked, foreign) => become(forked, foreign, options, application),
  }
}

/** Methods of a connection that a rehearsal does not come by. */
const NOT_REHEARSED = [
  'peerName',
  'queuedBytes',
  'signal',
  'finish',
  'pause',
  'resume',
  'pull',
  'read',
  'flush',
  'lingerIfSent',
  'lose',
]

const TITLE = 'tined: connection '

/** Callbacks that need no event loop of Node's. */
const runsBlocking = (handler: Handler): handler is ConnectionHandler =>
  typeof handler !== 'function' && handler.loop === 'none'

/** In the forked process: settles, then serves at once, or returns what to do in Node's loop. */
function become(
  forked: ForkedConnection,
  foreign: Foreign,
  options: ServerOptions,
  application: Application,
): number | (() => void) {
  const { descriptors: close, mask, deathSignal, parent } = foreign
  const { peer, id } = forked
  const title = TITLE + hostOf(peer)
  settle({ close, mask, deathSignal, parent, title, port: peer.family === 'unix' ? -1 : peer.port, id })
  const { handler } = application
  if (runsBlocking(handler)) return serveBlocking(forked, options, handler)
  return () => serveInNode(forked, options, application)
}

/** What runs in a connection process with a blocking handler, apart from the handler. */
const hot: readonly Compilable[] = [
  become,
  serveBlocking,
  settle,
  setTitle,
  closeRuns,
  close_range,
  renewIdentity,
  setParentDeathSignal,
  applySignalMask,
  hostOf,
  recvNow,
  sendNow,
  sendNowAt,
  receive,
  received,
  send,
  shutdown,
  Buffer.prototype.subarray,
  Connection,
  ...methodsOf(Connection, NOT_REHEARSED),
  ...methodsOf(PollWatch, ['more']),
]

const { start, receive: take, write, end, destroy } = Connection.prototype as unknown as Record<string, Compilable>
const roots = [become, serveBlocking, settle, Connection, start, take, write, end, destroy] as Compilable[]

const callbacksOf = (handler: Handler): Compilable[] =>
  typeof handler === 'function' ? [] : Object.values(handler).filter((callback) => typeof callback === 'function')

/** Made before the fork: each process has its own copy of it. */
const reactor = new PollReactor()

/** The first one of a rehearsal stays: optimised code goes when the last object goes that it was made for. */
export let served: Connection | undefined

/** Callbacks only, on blocking calls: the cheapest process. Returns its exit status. */
function serveBlocking(accepted: Accepted, options: ServerOptions, handler: ConnectionHandler): number {
  try {
    const connection = new Connection(accepted, reactor, handler, options)
    served ??= connection
    connection.start()
    while (!connection.closed) reactor.turn()
    return EXIT.ok
  } catch (error) {
    complain(`tined: connection ${formatAddress(accepted.peer)}: ${inspect(error)}`)
    return EXIT.failed
  }
}

/** The whole of Node for one connection. Returns to Node's event loop, which ends when the connection does. */
function serveInNode(accepted: Accepted, options: ServerOptions, { handler }: Application): void {
  reviveNode()
  let ended = false
  const end = (code: number): never => {
    ended = true
    return process.exit(code)
  }
  process.on('beforeExit', () => {
    if (ended) return
    complain(
      `tined: connection ${formatAddress(accepted.peer)}: nothing is left to wait for, and the handler has not finished`,
    )
    end(EXIT.unfinished)
  })
  const finishedAndClosed = { finished: typeof handler !== 'function', closed: false }
  const endIfDone = (): void => {
    if (finishedAndClosed.finished && finishedAndClosed.closed) end(EXIT.ok)
  }
  const callbacks =
    typeof handler !== 'function'
      ? handler
      : adapt(handler, (how) => {
          if (!how.ok) {
            complain(`tined: connection ${formatAddress(accepted.peer)}: ${inspect(how.error)}`)
            end(EXIT.failed)
          }
          finishedAndClosed.finished = true
          endIfDone()
        })
  const closed = (): void => {
    finishedAndClosed.closed = true
    // whoever awaits the connection hears of it first
    setImmediate(endIfDone)
  }
  // off the launcher's stack: what the handler throws at once is uncaught, as it would be from any later callback
  setImmediate(() => new Connection(accepted, new NodeReactor(), wrap(callbacks, closed), options).start())
}
