/** Functions and guarded handlers, made into the callbacks that a connection calls. */
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

/**
 * Makes callbacks of a function.
 *
 * @param finished called once the function has returned or thrown and the connection has been ended
 * @param closed called once the descriptor is closed
 */
export function adapt(
  handle: ConnectionFunction,
  finished: (how: Finished, connection: Connection) => void,
  closed: (connection: Connection) => void = () => {},
): ConnectionHandler {
  /** Those that have returned, and whose stream goes on. */
  let streaming: Set<Connection> | undefined
  return {
    loop: 'node',
    open(connection: WatchingConnection) {
      connection.pull()
      const run = async (): Promise<void> => handle(connection)
      run().then(
        () => {
          if (connection.streaming && !connection.closed) {
            streaming ??= new Set()
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
          if (lost) endFor(connection, error)
          else connection.destroy()
          finished(lost ? { ok: true } : { ok: false, error }, connection)
        },
      )
    },
    end() {
      // the function decides when to stop writing
    },
    close(connection) {
      if (streaming?.delete(connection)) finished({ ok: true }, connection)
      closed(connection)
    },
  }
}

/** What a callback returned is rejected because of the client: that is no error of the program. Any other rejection goes on to be one. */
export function settle(connection: Connection, result: unknown): unknown {
  if (typeof result === 'object' && result instanceof Promise)
    result.catch((error: unknown) => {
      if (!isClients(error, connection as WatchingConnection)) throw error
      endFor(connection as WatchingConnection, error)
    })
  return result
}
