/** Functions and guarded handlers, made into the callbacks that a connection calls. */
import { type Compilable, keep, methodsOf } from '../../engine/compile.js'
import {
  type Connection,
  type ConnectionFunction,
  type ConnectionHandler,
  endFor,
  isClients,
  type WatchingConnection,
} from './contract.js'
import { markFailed } from './mark-failed.js'

/** How a function handler ended; tells the supervisor what exit status to give. */
export type Finished = { ok: true } | { ok: false; error: unknown }

type Tell = (how: Finished, connection: Connection) => void

const OK: Finished = { ok: true }

/** Most functions never have one: made when it is needed. */
class Streaming {
  declare private connections: Set<Connection> | undefined

  constructor() {
    this.connections = undefined
  }

  enter(connection: Connection): void {
    this.connections ??= new Set()
    this.connections.add(connection)
  }

  leave(connection: Connection): boolean {
    return this.connections?.delete(connection) === true
  }
}

/** What follows when the function is done with a connection. */
class Run {
  // no fields with values of their own: they would be a function for itself, which is called for each
  declare private readonly connection: WatchingConnection
  declare private readonly finished: Tell
  declare private readonly streaming: Streaming

  constructor(connection: WatchingConnection, finished: Tell, streaming: Streaming) {
    this.connection = connection
    this.finished = finished
    this.streaming = streaming
  }

  returned(): void {
    const { connection } = this
    if (connection.streaming && !connection.closed) {
      this.streaming.enter(connection)
      return
    }
    connection.finish()
    this.finished(OK, connection)
  }

  failed(error: unknown): void {
    const { connection } = this
    const lost = isClients(error, connection)
    // before it is closed, which tells how it ended
    if (!lost) markFailed(connection.row)
    if (lost) endFor(connection, error)
    else connection.destroy()
    this.finished(lost ? OK : { ok: false, error }, connection)
  }
}

/** What it throws before it first waits is a rejection like any other. */
function begin(handle: ConnectionFunction, connection: Connection): Promise<void> {
  try {
    return Promise.resolve(handle(connection))
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Callbacks made of a function. A class, because what a function returns anew each time cannot be named to be compiled. */
class Adapted implements ConnectionHandler {
  declare readonly loop: 'node'
  declare private readonly handle: ConnectionFunction
  declare private readonly finished: Tell
  declare private readonly closed: (connection: Connection) => void
  /** Those that have returned, and whose stream goes on. */
  declare private readonly streaming: Streaming

  constructor(handle: ConnectionFunction, finished: Tell, closed: (connection: Connection) => void) {
    this.loop = 'node'
    this.handle = handle
    this.finished = finished
    this.closed = closed
    this.streaming = new Streaming()
  }

  open(connection: WatchingConnection): void {
    connection.pull()
    const run = new Run(connection, this.finished, this.streaming)
    // bound, not arrows: calls of those would be counted
    begin(this.handle, connection).then(run.returned.bind(run), run.failed.bind(run))
  }

  end(): void {
    // the function decides when to stop writing
  }

  close(connection: Connection): void {
    if (this.streaming.leave(connection)) this.finished({ ok: true }, connection)
    this.closed(connection)
  }
}

/** What runs for every connection of a function. */
export const hot: readonly Compilable[] = [
  begin,
  Adapted,
  ...methodsOf(Adapted),
  Run,
  ...methodsOf(Run, ['failed']),
  Streaming,
  ...methodsOf(Streaming, ['enter']),
]

/** Of these, what the others are called by. */
export const roots: readonly Compilable[] = [Run.prototype.returned]

const ignore = (): void => {}
keep(
  new Run(undefined as unknown as WatchingConnection, ignore, new Streaming()),
  new Streaming(),
  new Adapted(async () => {}, ignore, ignore),
)

/**
 * Makes callbacks of a function.
 *
 * @param finished called once the function has returned or thrown and the connection has been ended
 * @param closed called once the descriptor is closed
 */
export const adapt = (
  handle: ConnectionFunction,
  finished: Tell,
  closed: (connection: Connection) => void = ignore,
): ConnectionHandler => new Adapted(handle, finished, closed)

/** What a callback returned is rejected because of the client: that is no error of the program. Any other rejection goes on to be one. */
export function settle(connection: Connection, result: unknown): unknown {
  if (typeof result === 'object' && result instanceof Promise)
    result.catch((error: unknown) => {
      if (!isClients(error, connection as WatchingConnection)) throw error
      endFor(connection as WatchingConnection, error)
    })
  return result
}
