/**
 * A user's callbacks behind one shape of ours: code that V8 has compiled for rehearsed callbacks serves any others as well. `this` in
 * a callback stays the handler.
 */
import { settle } from './adapt.js'
import type { Connection, ConnectionHandler, WatchingConnection } from './contract.js'

type Call = (this: ConnectionHandler, connection: Connection) => unknown
type Take = (this: ConnectionHandler, connection: Connection, value: never) => unknown

export class UserCallbacks implements ConnectionHandler {
  readonly subject: ConnectionHandler
  readonly #open: Call | undefined
  readonly #data: Take | undefined
  readonly #drain: Call | undefined
  readonly #end: Call | undefined
  readonly #error: Take | undefined
  readonly #close: Call | undefined
  /** Undefined where nobody wants to hear of it: that costs a descriptor. */
  readonly draining: ((connection: Connection) => unknown) | undefined
  readonly #closed: () => void

  /** @param closed called after the last callback */
  constructor(subject: ConnectionHandler, closed: () => void) {
    this.subject = subject
    this.#open = subject.open as Call | undefined
    this.#data = subject.data as Take | undefined
    this.#drain = subject.drain as Call | undefined
    this.#end = subject.end as Call | undefined
    this.#error = subject.error as Take | undefined
    this.#close = subject.close as Call | undefined
    const { draining } = subject
    this.draining =
      draining === undefined ? undefined : (connection) => settle(connection, draining.call(subject, connection))
    this.#closed = closed
  }

  open(connection: Connection): unknown {
    return settle(connection, this.#open?.call(this.subject, connection))
  }

  data(connection: Connection, chunk: Buffer): unknown {
    return settle(connection, this.#data?.call(this.subject, connection, chunk as never))
  }

  drain(connection: Connection): void {
    settle(connection, this.#drain?.call(this.subject, connection))
  }

  end(connection: Connection): void {
    if (this.#end === undefined) (connection as WatchingConnection).endByDefault()
    else settle(connection, this.#end.call(this.subject, connection))
  }

  error(connection: Connection, error: Error): void {
    settle(connection, this.#error?.call(this.subject, connection, error as never))
  }

  close(connection: Connection): void {
    try {
      settle(connection, this.#close?.call(this.subject, connection))
    } finally {
      this.#closed()
    }
  }
}
