/** What is served: a handler, and for services like the store, processes and descriptors of their own. */
import type { Log } from '../supervisor/log.js'
import type { Service } from '../supervisor/services.js'
import type { Handler } from './connection/handler.js'
import type { Model } from './options.js'

/** What an application opened in the supervisor, before anything was forked from it. */
export interface Prepared {
  services: readonly Service[]
  /** Descriptors that connection processes must not hold. */
  closeInConnections: readonly number[]
}

export interface Application {
  handler: Handler
  /** Called once: in the one process in model `single`, else in the supervisor. */
  prepare?(model: Model, log: Log): Prepared
  /** Called in a worker of model `multiplex` that has served its last connection, before it ends. */
  drained?(): void
  /** Called in the one process of model `single` when it ends. */
  dispose?(): void
  /**
   * Bytes that may be run through the handler before any client comes, so that its code is compiled once for all
   * connection processes. Only for handlers that do nothing but answer, or know that it is a rehearsal.
   */
  rehearsal?: Uint8Array
  /** Called when the rehearsal is over; whether or not there was one; not in model `single`. */
  rehearsed?(): void
}
