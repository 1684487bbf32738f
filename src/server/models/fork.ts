/** Model `fork`: a freshly forked process for each connection. */
import { inspect } from 'node:util'
import { formatAddress } from '../../posix/address.js'
import { SHUT_WR, SIGKILL, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from '../../posix/constants.js'
import { close, read, write } from '../../posix/fd.js'
import { _exit, getppid } from '../../posix/process.js'
import { signalMask } from '../../posix/signal.js'
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
import { adapt, type ConnectionHandler } from '../handler.js'
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
  const { handler } = application
  return {
    listening,
    maxConnections: options.maxConnections,
    drainTimeoutMs: options.drainTimeoutMs,
    log,
    prepare: () => application.prepare?.('fork', log) ?? { services: [], closeInConnections: [] },
    rehearse: () => rehearse(options, application),
    connection(forked, foreign) {
      const needsNode = typeof handler === 'function' || handler.loop !== 'none'
      settleConnection(forked, needsNode ? foreign.descriptors : foreign.withLoop, foreign)
      if (needsNode) return () => serveInNode(forked, options, application)
      return serveBlocking(forked, options, handler)
    },
  }
}

function settleConnection(forked: ForkedConnection, foreign: Foreign['descriptors'], { mask }: Foreign): void {
  const title = `tined: connection ${formatAddress(forked.peer)} #${forked.id}`
  settle({ close: foreign, mask, parent: forked.supervisor, deathSignal: SIGKILL, title })
}

/** Callbacks only, on blocking calls: the cheapest process. Never returns. */
function serveBlocking(accepted: Accepted, options: ServerOptions, handler: ConnectionHandler): never {
  try {
    converse(accepted, options, handler)
  } catch (error) {
    complain(`tined: connection ${formatAddress(accepted.peer)}: ${inspect(error)}`)
    _exit(EXIT.failed)
  }
  return _exit(EXIT.ok)
}

function converse(accepted: Accepted, options: ServerOptions, handler: ConnectionHandler): void {
  const reactor = new PollReactor()
  const connection = new Connection(accepted, reactor, handler, options)
  connection.start()
  while (!connection.closed) reactor.turn()
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
  const connection = new Connection(
    accepted,
    new NodeReactor(),
    withClose(callbacks, () => {
      finishedAndClosed.closed = true
      // whoever awaits the connection hears of it first
      setImmediate(endIfDone)
    }),
    options,
  )
  connection.start()
}

/** The same callbacks, with one more thing done after `close`. */
function withClose(handler: ConnectionHandler, closed: () => void): ConnectionHandler {
  const wrapped: ConnectionHandler = Object.create(handler)
  wrapped.close = (connection) => {
    handler.close?.(connection)
    closed()
  }
  return wrapped
}

/** Runs in the supervisor: what is compiled here is compiled in every connection process. */
function rehearse(options: ServerOptions, { handler, rehearsal }: Application): void {
  const echo: ConnectionHandler = { loop: 'none', data: (connection, chunk) => connection.write(chunk) }
  const rehearsed = rehearsal !== undefined && typeof handler !== 'function' ? handler : echo
  const bytes = rehearsal ?? Buffer.from('rehearsal\n')
  const answer = Buffer.alloc(4096)
  settle({ close: [], mask: signalMask(), parent: getppid(), deathSignal: 0, title: 'tined: supervisor' })
  for (let round = 0; round < REHEARSALS; round++) {
    const [client, server] = socketpair(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
    write(client, bytes)
    shutdown(client, SHUT_WR)
    converse({ fd: server, id: 0, peer: { family: 'IPv4', address: '127.0.0.1', port: round } }, options, rehearsed)
    read(client, answer)
    close(client)
  }
}
