/** Keeps what one connection's handler throws from the others in the same process. */
import type { Connection, ConnectionHandler } from '../../connection/contract.js'

/** What becomes of a connection, told to whoever keeps count. */
export interface Keeper {
  /** Its handler threw: it is to be closed. */
  failed(connection: Connection, error: unknown): void
  /** Its descriptor is closed; the last call. */
  closed(connection: Connection): void
}

/** The same callbacks, none of which throws. One object for all connections: nothing is made for an event. */
export function catchErrors(handler: ConnectionHandler, keeper: Keeper): ConnectionHandler {
  const end = handler.end?.bind(handler)
  return {
    open(connection) {
      try {
        handler.open?.(connection)
      } catch (error) {
        keeper.failed(connection, error)
      }
    },
    data(connection, chunk) {
      try {
        const result = handler.data?.(connection, chunk)
        if (typeof result === 'object' && result instanceof Promise)
          result.catch((error: unknown) => rejected(connection, error, keeper))
      } catch (error) {
        keeper.failed(connection, error)
      }
    },
    drain(connection) {
      try {
        handler.drain?.(connection)
      } catch (error) {
        keeper.failed(connection, error)
      }
    },
    ...(end === undefined ? {} : { end: (connection) => endAndCatch(connection, end, keeper) }),
    error(connection, error) {
      try {
        handler.error?.(connection, error)
      } catch (thrown) {
        keeper.failed(connection, thrown)
      }
    },
    close(connection) {
      try {
        handler.close?.(connection)
      } catch (error) {
        keeper.failed(connection, error)
      }
      keeper.closed(connection)
    },
  }
}

function endAndCatch(connection: Connection, end: (connection: Connection) => void, keeper: Keeper): void {
  try {
    end(connection)
  } catch (error) {
    keeper.failed(connection, error)
  }
}

/** A client that broke off while the handler waited for it is not the handler's failure. */
function rejected(connection: Connection, error: unknown, keeper: Keeper): void {
  if (connection.lost === undefined || error !== connection.lost) keeper.failed(connection, error)
}
