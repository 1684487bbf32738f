/** Functions and guarded handlers, made into the callbacks that a connection calls. */
import type { Connection, ConnectionFunction, ConnectionHandler } from './contract.js'

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
  return {
    loop: 'node',
    open(connection) {
      connection.pull()
      const run = async (): Promise<void> => handle(connection)
      run().then(
        () => {
          connection.finish()
          finished({ ok: true }, connection)
        },
        (error: unknown) => {
          // a client that broke off is not the handler's failure
          const lost = connection.lost !== undefined && error === connection.lost
          connection.destroy()
          finished(lost ? { ok: true } : { ok: false, error }, connection)
        },
      )
    },
    end() {
      // the function decides when to stop writing
    },
    close: closed,
  }
}

/**
 * The same callbacks, each run by `call`, and `closed` after the last. `this` stays the handler: it may be an object of a
 * class with private members.
 */
export function wrap(
  handler: ConnectionHandler,
  closed: () => void,
  call: (connection: Connection, callback: () => void) => void = (_connection, callback) => callback(),
): ConnectionHandler {
  const { end } = handler
  return {
    open: (connection) => call(connection, () => handler.open?.(connection)),
    data: (connection, chunk) => call(connection, () => handler.data?.(connection, chunk)),
    drain: (connection) => call(connection, () => handler.drain?.(connection)),
    ...(end === undefined ? {} : { end: (connection) => call(connection, () => end.call(handler, connection)) }),
    error: (connection, error) => call(connection, () => handler.error?.(connection, error)),
    close(connection) {
      call(connection, () => handler.close?.(connection))
      closed()
    },
  }
}
