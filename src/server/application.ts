/** What is served: a handler, and for services like the store, processes and descriptors of their own. */
import type { Compilable } from '../engine/compile.js'
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

/** What an application of our own costs the system, beside its handler. */
export interface Costs {
  /** Processes of its own, which run as long as the server. */
  readonly services: number
  /** Descriptors for each process that serves, in that of its own which has most. */
  readonly descriptors: number
}

/** What `serve` takes in the place of a handler: `store()` of `tined/store`. */
export interface Application {
  handler: Handler
  readonly costs?: Costs
  /** Called once: in the supervisor before anything is forked from it, or in the one process where nothing is. */
  prepare?(hosting: Hosting, log: Log): Prepared
  /** Called in a worker that has served its last connection, before it ends. */
  drained?(): void
  /** Called at the end of the one process where nothing is forked. */
  dispose?(): void
}

const ours = new WeakSet<object>()

/** Says that this is an application, and no handler of a user's. */
export function asApplication<Made extends Application>(application: Made): Made {
  ours.add(application)
  return application
}

export const isApplication = (value: unknown): value is Application =>
  typeof value === 'object' && value !== null && ours.has(value)

/**
 * An application of our own that src/speed may try before any client comes, so that its code is compiled once for all
 * connection processes: its handler does nothing but answer, or is told between `begin` and `end` that it is a rehearsal.
 */
export interface RehearsedApplication extends Application {
  rehearsal: {
    /** Bytes that a client might send. */
    sample: Uint8Array
    /** What its handler calls for every connection: compiled as it is in the rehearsal. */
    hot?: readonly Compilable[]
    /** Of these, what is to have what it calls made part of it. */
    roots?: readonly Compilable[]
    begin?(): void
    end?(): void
  }
}
