/** What a user writes: callbacks, or a function of the connection. Callbacks are the contract, functions are adapted to it. */
import type { Connection } from './connection.js'

/**
 * Callbacks of one server, shared by all its connections. Each is optional; `this` is the handler.
 *
 * @example
 * ```ts
 * const echo: ConnectionHandler = { data: (connection, chunk) => connection.write(chunk) }
 * ```
 */
export interface ConnectionHandler {
  /**
   * Which event loop the process of a handler runs, in models `fork` and `multiplex`. `none` is the cheapest: no timers,
   * no promises, only what the callbacks do at once. `node` is the whole of Node.
   *
   * @default 'node'
   */
  loop?: 'none' | 'node'
  /** The connection is there. */
  open?(connection: Connection): void
  /** Bytes have come. `chunk` is reused after the call returns: copy what must stay. */
  data?(connection: Connection, chunk: Buffer): unknown
  /** Everything written has left for the kernel. */
  drain?(connection: Connection): void
  /** The client sends no more; writing is still possible. @default (connection) => connection.end() */
  end?(connection: Connection): void
  /** The connection was lost, or a deadline passed. `close` follows. */
  error?(connection: Connection, error: Error): void
  /** The descriptor is closed. The last callback. */
  close?(connection: Connection): void
}

/** A connection from its first byte to its last, written as a function. When it returns, the connection is ended. */
export type ConnectionFunction = (connection: Connection) => Promise<void> | void

/** Either style. */
export type Handler = ConnectionHandler | ConnectionFunction

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
