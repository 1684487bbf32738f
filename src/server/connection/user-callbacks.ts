/**
 * A user's callbacks behind one shape of ours: code that V8 has compiled for rehearsed callbacks serves any others as well. `this` in
 * a callback stays the handler.
 */
import type { Connection, ConnectionHandler } from './contract.js'

type Call = (this: ConnectionHandler, connection: Connection) => void
type Take = (this: ConnectionHandler, connection: Connection, value: never) => unknown

export class UserCallbacks implements ConnectionHandler {
  readonly subject: ConnectionHandler
  readonly #open: Call | undefined
  readonly #data: Take | undefined
  readonly #drain: Call | undefined
  readonly #end: Call | undefined
  readonly #error: Take | undefined
  readonly #close: Call | undefined
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
    this.#closed = closed
  }

  open(connection: Connection): void {
    this.#open?.call(this.subject, connection)
  }

  data(connection: Connection, chunk: Buffer): unknown {
    return this.#data?.call(this.subject, connection, chunk as never)
  }

  drain(connection: Connection): void {
    this.#drain?.call(this.subject, connection)
  }

  end(connection: Connection): void {
    if (this.#end === undefined) connection.end()
    else this.#end.call(this.subject, connection)
  }

  error(connection: Connection, error: Error): void {
    this.#error?.call(this.subject, connection, error as never)
  }

  close(connection: Connection): void {
    try {
      this.#close?.call(this.subject, connection)
    } finally {
      this.#closed()
    }
  }
}
