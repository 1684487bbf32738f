/** Functions and guarded handlers, made into the callbacks that a connection calls. */
import {
  type Connection,
  type ConnectionFunction,
  type ConnectionHandler,
  isClients,
  type WatchingConnection,
} from './contract.js'
import { markFailed } from './mark-failed.js'

/** How a function handler ended; tells the supervisor what exit status to give. */
export type Finished = { ok: true } | { ok: false; error: unknown }

/**
 * Makes callbacks of a function.
 *
 * @param finished called once the function has returned or thrown and the connection has been ended
 */
export function adapt(
  handle: ConnectionFunction,
  finished: (how: Finished, connection: Connection) => void,
): ConnectionHandler {
  /** Those that have returned, and whose stream goes on. */
  const streaming = new Set<Connection>()
  return {
    loop: 'node',
    open(connection: WatchingConnection) {
      connection.pull()
      const run = async (): Promise<void> => handle(connection)
      run().then(
        () => {
          if (connection.streaming && !connection.closed) {
            streaming.add(connection)
            return
          }
          connection.finish()
          finished({ ok: true }, connection)
        },
        (error: unknown) => {
          const lost = isClients(error, connection)
          // before it is closed, which tells how it ended
          if (!lost) markFailed(connection.row)
          connection.destroy()
          finished(lost ? { ok: true } : { ok: false, error }, connection)
        },
      )
    },
    end() {
      // the function decides when to stop writing
    },
    close(connection) {
      if (streaming.delete(connection)) finished({ ok: true }, connection)
    },
  }
}

/** What a callback returned is rejected because of the client: that is no error of the program. Any other rejection goes on to be one. */
function settle(connection: Connection, result: unknown): unknown {
  if (typeof result === 'object' && result instanceof Promise)
    result.catch((error: unknown) => {
      if (!isClients(error, connection as WatchingConnection)) throw error
      connection.destroy()
    })
  return result
}

/** The same callbacks, and `closed` after the last. `this` stays the handler: it may be an object of a class with private members. */
export function thenClosed(handler: ConnectionHandler, closed: () => void): ConnectionHandler {
  const { end, draining } = handler
  return {
    open: (connection) => settle(connection, handler.open?.(connection)),
    data: (connection, chunk) => settle(connection, handler.data?.(connection, chunk)),
    drain: (connection) => settle(connection, handler.drain?.(connection)),
    ...(end === undefined ? {} : { end: (connection) => settle(connection, end.call(handler, connection)) }),
    ...(draining === undefined
      ? {}
      : { draining: (connection) => settle(connection, draining.call(handler, connection)) }),
    error: (connection, error) => settle(connection, handler.error?.(connection, error)),
    close(connection) {
      settle(connection, handler.close?.(connection))
      closed()
    },
  }
}
