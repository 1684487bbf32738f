/** `serve`: options and a handler in, a running server out. */
import { closeOnFork } from '../fork/close-on-fork.js'
import { openDatabases } from '../fork/open-databases.js'
import { executeWithFlags, fallbackReason } from '../fork/way.js'
import { exactAddress, formatAddress } from '../libc/address.js'
import type { ConnectionInfo, Stats } from '../supervisor/channel.js'
import type { ServerExit } from '../supervisor/launcher/launched.js'
import { StopSignals } from '../supervisor/launcher/stop-signals.js'
import type { Log } from '../supervisor/log.js'
import type { Listening } from '../supervisor/plan.js'
import { announce, descriptorsToAnnounce } from './announce.js'
import { type Application, isApplication } from './application.js'
import { withAttachments } from './attachments.js'
import { withinLimits } from './capacity.js'
import { checkHandler } from './check-handler.js'
import { hasChannel, isOfCluster } from './cluster.js'
import type { Handler } from './connection/contract.js'
import type { ConnectionLimits } from './connection/limits.js'
import { openListeners } from './listeners.js'
import { models } from './models/index.js'
import type { RunningModel } from './models/model.js'
import type { NameOf } from './options/option.js'
import { checkOptions, type ServeOptions, type ServerOptions } from './options.js'
import { ProxyGate } from './proxy-protocol/gate.js'
import { lineFormat, logEnds, serverLog } from './server-log.js'
import { removeSocketFile, type SocketFile } from './socket-file.js'
import type { TlsEndpoint } from './tls/endpoint.js'

/** https://www.sqlite.org/howtocorrupt.html, 2.6 */
const CARRIED =
  'is an SQLite database that is open: its locks are not taken along by a fork, so handlers that use this connection can damage it; open it in the handler'

/** A running server, as its launcher sees it. */
export interface Server {
  /** Where it listens, real ports included: `127.0.0.1:9190`. */
  readonly addresses: readonly string[]
  /** The process that accepts. */
  readonly pid: number
  /**
   * Fulfilled when the server has ended and nothing of its process tree is left. A program that a signal told to stop ends then; whoever
   * asks for this has five seconds to clean up.
   */
  readonly exited: Promise<ServerExit>
  /** Counters; `forked === running + reaped`. */
  stats(): Promise<Stats>
  /** The connections that are open, the oldest first. How each ended tells the option `onConnectionEnd`. */
  connections(): Promise<ConnectionInfo[]>
  /**
   * Ends a connection: in model `fork` its process is told by SIGTERM, and killed 0.2 s later if it is still there; in the others it is closed
   * as by `connection.destroy()`. Fulfilled once it has been told, with false when there is no such.
   *
   * @param id as `connection.id`, or that of `connections()`
   */
  end(id: number): Promise<boolean>
  /** Ends gracefully: no new connections, running ones finish. As SIGTERM does. */
  drain(): Promise<ServerExit>
  /** Ends at once. As SIGINT does. */
  stop(): Promise<ServerExit>
  /** For `await using`: drains, and waits for the end. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a server. Fulfilled once it listens and accepts.
 *
 * In all models but `single` the code after `await serve(…)` runs in the launcher only. The handler runs in forked copies of this
 * process, so what the module set up before is there; what Node has open (sockets, servers, timers, pools) stays with the launcher,
 * and ends in the copies as if its other end had gone.
 *
 * @param handler `async (connection) => …`, an object of callbacks, or what `store()` of `tined/store` has made
 * @throws {TypeError} {RangeError} bad options; a handler with a name that is no callback
 * @throws {PosixError} EADDRINUSE, EACCES, … when it cannot listen
 * @throws {ForkRefused} when this process cannot be forked safely
 * @example
 * ```ts
 * await serve({ port: 9190, model: 'fork' }, async (connection) => {
 *   for await (const chunk of connection) await connection.write(chunk)
 * })
 * ```
 */
export function serve<State = unknown>(options: ServeOptions, handler: Handler<State> | Application): Promise<Server> {
  // what a connection's state is, only the handler knows
  return serveApplication(options, isApplication(handler) ? handler : { handler: handler as Handler })
}

/**
 * `serve` for a handler that brings processes of its own.
 *
 * @param nameOf what errors call an option: a flag or a variable, for what was typed
 */
export async function serveApplication(options: ServeOptions, given: Application, nameOf?: NameOf): Promise<Server> {
  const checked = checkOptions(options, nameOf)
  checked.signal?.throwIfAborted()
  checkHandler(given.handler)
  const application = withAttachments(given)
  // without waiting where there is nothing to wait for: from the call on signals are the server's
  const format = lineFormat(checked)
  const log = serverLog(checked, format instanceof Promise ? await format : format)
  const settings: ServerOptions & ConnectionLimits = {
    ...withinLimits(checked, application, log),
    onConnectionEnd: checked.logConnections ? logEnds(log, checked.onConnectionEnd) : checked.onConnectionEnd,
    logLost: ({ id, peer }, { message }) => log.info({ id, peer: formatAddress(peer) }, `connection lost: ${message}`),
  }
  const tls = settings.tls === undefined ? undefined : await endpointFor(settings.tls, log, tlsNames(options, nameOf))
  const { proxyProtocol: networks, firstByteTimeoutMs } = settings
  const proxyGate = networks && new ProxyGate(networks, firstByteTimeoutMs, log)
  const model = models[settings.model]
  if (model.forks) {
    enterWay(log, settings.portFd)
    for (const path of openDatabases()) log.warn({}, `${path} ${CARRIED}`)
  }
  for (const fd of descriptorsToAnnounce(settings)) if (fd > 2) closeOnFork(fd, true)
  const { listening, files } = openListeners(
    settings,
    (nameOf ?? String)(options.port === undefined ? 'listen' : 'port'),
    hasChannel() && (await isOfCluster()),
  )
  const signals = new StopSignals(settings.signals)
  try {
    const running = await model.start({
      settings: { ...settings, tls, proxyGate },
      listening,
      application,
      log,
      signals,
    })
    const server = serverOf(running, listening, files, signals)
    await announceOrStop(server, () => announce(settings, listening, nameOf))
    await drainWhenAborted(server, running.exited, settings.signal)
    return server
  } catch (error) {
    files.forEach(removeSocketFile)
    // told to stop before it was ready: the process ends, and nothing has failed
    if (signals.ended(0)) return new Promise(() => {})
    throw error
  }
}

/** Node's TLS is loaded for those who use it: some versions read the machine's certificates in a thread as soon as it is. */
async function endpointFor(
  tls: NonNullable<ServerOptions['tls']>,
  log: Log,
  nameOf: (part: string) => string,
): Promise<TlsEndpoint> {
  const endpoint = await import('./tls/endpoint.js')
  return new endpoint.TlsEndpoint(tls, log, nameOf)
}

/** Whoever typed a file is told by its flag. */
const tlsNames =
  ({ tls }: ServeOptions, nameOf: NameOf = (option) => option) =>
  (part: string): string => {
    const short = { key: 'tlsKey', cert: 'tlsCert' }[part]
    return tls === undefined && short !== undefined ? nameOf(short) : `${nameOf('tls')}.${part}`
  }

/** Takes the fallback where the first way does not hold; see src/fork/way.ts. */
function enterWay(log: Log, portFd: number | undefined): void {
  const reason = fallbackReason()
  if (reason === undefined) return
  log.info({ reason }, 'executing Node again with --single-threaded')
  executeWithFlags(portFd === undefined ? [] : [portFd])
}

function serverOf(
  running: RunningModel,
  listening: readonly Listening[],
  files: readonly SocketFile[],
  signals: StopSignals,
): Server {
  const exited = running.exited.then((exit) => {
    files.forEach(removeSocketFile)
    return exit
  })
  return {
    addresses: listening.map(({ address }) => exactAddress(address)),
    pid: running.pid,
    get exited() {
      signals.awaited = true
      return exited
    },
    stats: () => running.stats(),
    connections: () => running.connections(),
    end: (id) => running.end(id),
    drain() {
      running.drain()
      return exited
    },
    stop() {
      running.stop()
      return exited
    },
    async [Symbol.asyncDispose]() {
      running.drain()
      await exited
    },
  }
}

async function drainWhenAborted(
  server: Server,
  exited: Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal === undefined) return
  if (signal.aborted) {
    await server.stop()
    throw signal.reason
  }
  const drain = (): void => void server.drain()
  signal.addEventListener('abort', drain, { once: true })
  void exited.then(() => signal.removeEventListener('abort', drain))
}

/** A server that nobody hears of must not go on. */
async function announceOrStop(server: Server, tell: () => void): Promise<void> {
  try {
    tell()
  } catch (error) {
    await server.stop()
    throw error
  }
}
