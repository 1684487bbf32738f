/** What a supervisor is made of; filled in by a model, so that this layer knows nothing of handlers. */
import type { ChildSetup } from '../fork/become-child.js'
import type { SocketAddress } from '../libc/address.js'
import type { AheadLimits } from './ahead/spare-policy.js'
import type { Spares } from './ahead/spares.js'
import type { Family } from './children.js'
import type { Log } from './log.js'
import type { Scoreboard } from './scoreboard.js'
import type { Service } from './services.js'

/** A listening socket. */
export interface Listening {
  fd: number
  address: SocketAddress
  /** Further sockets of the same address, one for each worker after the first. socket(7), SO_REUSEPORT */
  more?: readonly number[]
}

/** All descriptors of some listeners. */
export const descriptorsOf = (listening: readonly Listening[]): number[] =>
  listening.flatMap(({ fd, more = [] }) => [fd, ...more])

/** What the supervisor's watchdog ends. */
export interface WatchLimits {
  /** How old a connection may be; 0 for any age. */
  readonly maxConnectionMs: number
  /** How long a process may be at work without a turn of its loop; 0 for ever. */
  readonly hungMs: number
}

/** By which connection processes tell the supervisor something: its end, and theirs; both negative where there is none. */
export interface ChildChannel {
  readonly receiver: number
  readonly sender: number
}

/** A connection, in the process that was forked for it. */
export interface ForkedConnection {
  fd: number
  id: number
  peer: SocketAddress
  listening: Listening
  /** Where a process gives it back that cannot serve it; negative where there is no such way. */
  wayBack: number
  /** Where it tells whom a proxy has named as its client; negative where no proxy does. */
  introductions: number
  /** Whether there is room for many processes and threads more. */
  plenty: boolean
}

/** In a forked child: what it goes on to do once the supervisor's frames are off the stack. */
export type Become = () => void

/** Called in a forked connection process; returns its exit status, or what to do once the stack is unwound. */
export type Serve = (forked: ForkedConnection, setup: ChildSetup) => number | Become

/** A worker, in the process that was forked before its clients came. */
export interface ForkedWorker {
  /** Counts from 1. */
  number: number
  /** Its place on the scoreboard. */
  slot: number
  /** Connections that it serves at most, one after another. */
  requests: number
  listening: readonly Listening[]
  board: Scoreboard
  /** Its place there for its connection. */
  row: number
  pid: number
  spares: Spares
  /** Where it tells of connections that have ended, but for its last one, which its own end tells of; undefined where nobody wants to know. */
  ends: number | undefined
}

/** Called in a forked worker; returns its exit status, or what to do once the stack is unwound. */
export type Work = (worker: ForkedWorker, setup: ChildSetup) => number | Become

/** Workers that are forked ahead of their clients. */
export interface AheadPlan {
  limits: AheadLimits
  spares: Spares
  /** A pipe by which they tell of connections that have ended; undefined where nobody wants to know. */
  ends: readonly [readEnd: number, writeEnd: number] | undefined
  /** What they accept from. */
  listening: readonly Listening[]
  /** How many connections the next one serves, if not `mostRequests`. */
  requests(): number
  mostRequests: number
  work: Work
}

/** How a connection process begins and ends. A rehearsal has its own, in which no process is made. */
export interface ConnectionProcesses {
  /** fork(2) @throws {PosixError} EAGAIN, ENOMEM */
  fork(): number
  /** What a child lets go of. */
  readonly setup: ChildSetup
  /** _exit(2). Returns in a rehearsal only. */
  exit(status: number): void
}

export interface SupervisorPlan {
  /** Our end of the channel to the launcher; non-blocking. */
  control: number
  /** A signalfd with every signal of `managedSignals`. */
  signals: number
  listening: readonly Listening[]
  /** For clients that a process cannot serve for want of threads: the supervisor's end, and the other; negative where none has any. */
  wayBack: ChildChannel
  /** For clients whom a proxy has named. */
  introductions: ChildChannel
  /** Listeners that only workers accept from; held for those that start again, closed when the server drains. */
  lent: readonly number[]
  board: Scoreboard
  /** Whether workers accept; otherwise the supervisor does. */
  workersAccept: boolean
  /** Those that are forked ahead, for one connection at a time; undefined in a model without such. */
  ahead: AheadPlan | undefined
  watchLimits: WatchLimits
  maxConnections: number
  drainTimeoutMs: number
  /** Whether the launcher is told of each connection that ends. */
  tellsEnds: boolean
  /** Told of every child. */
  family: Family | undefined
  services: readonly Service[]
  /** What a service lets go of; workers, which die with the supervisor and keep the listeners, in their own way. */
  serviceSetup: ChildSetup
  workerSetup: ChildSetup
  processes: ConnectionProcesses
  serve: Serve
  /** Called before each turn, with the connections accepted so far. */
  beforeTurn(accepted: number): void
  log: Log
}
