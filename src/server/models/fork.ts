/** Model `fork`: a freshly forked process for each connection. */
import { inspect } from 'node:util'
import { formatAddress, type SocketAddress } from '../../posix/address.js'
import { SHUT_WR, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../posix/constants.js'
import { close, read, write } from '../../posix/fd.js'
import { getppid } from '../../posix/process.js'
import { shutdown, socketpair } from '../../posix/socket.js'
import { complain } from '../../process/ending.js'
import { EXIT } from '../../process/exit-words.js'
import { reviveNode } from '../../process/fork.js'
import type { Log } from '../../process/log.js'
import { settle } from '../../process/settle.js'
import type { Foreign, Supervised } from '../../process/supervise.js'
import type { ForkedConnection, Listening } from '../../process/supervisor-plan.js'
import { NodeReactor } from '../../reactor/node-reactor.js'
import { PollReactor } from '../../reactor/poll-reactor.js'
import type { Application } from '../application.js'
import { type Accepted, Connection } from '../connection.js'
import { adapt, type ConnectionHandler, type Handler, wrap } from '../handler.js'
import type { ServerOptions } from '../options.js'

/** Enough calls for V8 to compile the path to baseline code and to learn its shapes. */
const REHEARSALS = 60

/** Describes the server to the supervisor. */
export function forkModel(
  options: ServerOptions,
  listening: readonly Listening[],
  application: Application,
  log: Log,
): Supervised {
  return {
    listening,
    maxConnections: options.maxConnections,
    drainTimeoutMs: options.drainTimeoutMs,
    log,
    revives: !runsBlocking(application.handler),
    prepare: () => application.prepare?.('fork', log) ?? { services: [], closeInConnections: [] },
    rehearse(connection) {
      rehearse(connection, application.rehearsal)
      application.rehearsed?.()
    },
    connection: (forked, foreign) => become(forked, foreign, options, application),
  }
}

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
  const { descriptors: close, mask, deathSignal } = foreign
  const title = `tined: connection ${formatAddress(forked.peer)} #${forked.id}`
  settle({ close, mask, deathSignal, parent: forked.supervisor, title })
  const { handler } = application
  if (runsBlocking(handler)) return serveBlocking(forked, options, handler)
  return () => serveInNode(forked, options, application)
}

/** Made before the fork: each process has its own copy of it. */
const reactor = new PollReactor()

/** Callbacks only, on blocking calls: the cheapest process. Returns its exit status. */
function serveBlocking(accepted: Accepted, options: ServerOptions, handler: ConnectionHandler): number {
  try {
    const connection = new Connection(accepted, reactor, handler, options)
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

/** Runs in the supervisor, with nothing to let go of: what is compiled here is compiled in every connection process. */
function rehearse(connection: (forked: ForkedConnection) => unknown, bytes: Uint8Array | undefined): void {
  if (bytes === undefined) return
  const answer = Buffer.alloc(4096)
  const listening: Listening = { fd: -1, address: { family: 'unix', path: '' } }
  const supervisor = getppid()
  for (let round = 0; round < REHEARSALS; round++) {
    const [client, fd] = socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
    write(client, bytes)
    shutdown(client, SHUT_WR)
    const peer: SocketAddress = { family: 'IPv4', address: '127.0.0.1', port: round }
    connection({ fd, id: round, peer, listening, supervisor })
    read(client, answer)
    close(client)
  }
}
