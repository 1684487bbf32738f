/** What is served: a handler, and for services like the store, processes and descriptors of their own. */
import type { Log } from '../supervisor/log.js'
import type { Prepared } from '../supervisor/supervised.js'
import type { Handler } from './connection/contract.js'

/** How the model hosts an application. */
export interface Hosting {
  /** Whether connections are served in forked processes; otherwise in the process that called `serve`. */
  readonly forks: boolean
  /** Whether connections that are open at the same time live in one process. */
  readonly sharesMemory: boolean
}

export interface Application {
  handler: Handler
  /** Called once: in the supervisor before anything is forked from it, or in the one process where nothing is. */
  prepare?(hosting: Hosting, log: Log): Prepared
  /** Called in a worker that has served its last connection, before it ends. */
  drained?(): void
  /** Called at the end of the one process where nothing is forked. */
  dispose?(): void
}

/**
 * An application of our own that src/speed may try before any client comes, so that its code is compiled once for all
 * connection processes: its handler does nothing but answer, or is told between `begin` and `end` that it is a rehearsal.
 */
export interface RehearsedApplication extends Application {
  rehearsal: {
    /** Bytes that a client might send. */
    sample: Uint8Array
    begin?(): void
    end?(): void
  }
}
