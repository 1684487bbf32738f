/** Keeps what one connection's handler throws, or rejects, from the others in the same process. */
import { type Connection, type ConnectionHandler, endFor, isClients, type WatchingConnection } from './contract.js'

/** What becomes of a connection, told to whoever keeps count. */
export interface Keeper {
  /** Its handler threw, or what it returned was rejected: it is to be closed. */
  failed(connection: Connection, error: unknown): void
  /** Its descriptor is closed; the last call. */
  closed(connection: Connection): void
}

/** The same callbacks, none of which throws. One object for all connections: nothing is made for an event. */
export function catchErrors(handler: ConnectionHandler, keeper: Keeper): ConnectionHandler {
  const { end, draining } = handler
  /** A client that broke off while the handler waited for it is not the handler's failure. */
  const failed = (connection: Connection, error: unknown): void => {
    if (!isClients(error, connection as WatchingConnection)) keeper.failed(connection, error)
    else endFor(connection as WatchingConnection, error)
  }
  const settle = (connection: Connection, result: unknown): unknown => {
    if (typeof result === 'object' && result instanceof Promise)
      result.catch((error: unknown) => failed(connection, error))
    return result
  }
  return {
    open(connection) {
      try {
        return settle(connection, handler.open?.(connection))
      } catch (error) {
        return failed(connection, error)
      }
    },
    data(connection, chunk) {
      try {
        settle(connection, handler.data?.(connection, chunk))
      } catch (error) {
        failed(connection, error)
      }
    },
    drain(connection) {
      try {
        settle(connection, handler.drain?.(connection))
      } catch (error) {
        failed(connection, error)
      }
    },
    ...(end === undefined ? {} : { end: (connection) => callAndCatch(connection, end) }),
    ...(draining === undefined ? {} : { draining: (connection) => callAndCatch(connection, draining) }),
    error(connection, error) {
      try {
        settle(connection, handler.error?.(connection, error))
      } catch (thrown) {
        failed(connection, thrown)
      }
    },
    close(connection) {
      try {
        settle(connection, handler.close?.(connection))
      } catch (error) {
        failed(connection, error)
      }
      keeper.closed(connection)
    },
  }

  function callAndCatch(connection: Connection, callback: (connection: Connection) => unknown): void {
    try {
      settle(connection, callback.call(handler, connection))
    } catch (error) {
      failed(connection, error)
    }
  }
}
