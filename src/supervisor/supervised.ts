/** What a model tells of the server that it wants supervised. */
import type { Compilable } from '../engine/compile.js'
import type { Room } from '../fork/room.js'
import type { AheadLimits } from './ahead/spare-policy.js'
import type { ConnectionEnd } from './channel.js'
import type { Family } from './children.js'
import type { Log } from './log.js'
import type { Listening, Serve, WatchLimits, Work } from './plan.js'
import type { Scoreboard } from './scoreboard.js'
import type { Service } from './services.js'

export interface Supervised {
  listening: readonly Listening[]
  maxConnections: number
  drainTimeoutMs: number
  /** Called in the launcher for each connection that has ended. */
  onConnectionEnd: ((connection: ConnectionEnd) => void) | undefined
  /** What it needs to start and to serve one client: looked for before anything is forked. */
  room: Room
  watchLimits: WatchLimits
  log: Log
  /** Called in the supervisor before anything is forked from it: opens what its children share. */
  prepare(board: Scoreboard): Prepared
  /** How the supervisor serves a connection that it has accepted; undefined where workers accept. */
  connections: PerConnection | undefined
  /** Workers that are forked before their clients come; undefined in other models. */
  ahead?: AheadOfClients
}

/** What was opened in the supervisor. */
export interface Prepared {
  services: readonly Service[]
  /** Told of every child, connections and workers included. */
  family?: Family
  /** Descriptors that connection processes must not hold. */
  closeInConnections: readonly number[]
  /** For a model whose workers accept. */
  workers?: {
    /** Signals that they are forked with blocked, to take them when they are ready for them. */
    signals: readonly number[]
  }
}

/** Of an application that needs nothing. */
export const NOTHING_PREPARED: Prepared = { services: [], closeInConnections: [] }

/** A process for each connection. */
export interface PerConnection {
  /** Whether it goes on in Node's event loop. */
  readonly revives: boolean
  /** Whether its process can do without what the C library and libuv would do in a child; asked once everything is prepared. */
  readonly mayForkLightly: boolean
  /** Whether each of its processes tells who its client is, before anything of the handler runs in it. */
  readonly introduces: boolean
  /** Told whether it has to. */
  forkedLightly(lightly: boolean): void
  serve: Serve
  /** What may be done to make it faster. */
  rehearsal: Rehearsable
}

/** Workers, each of which serves one connection at a time. */
export interface AheadOfClients extends Pick<PerConnection, 'revives' | 'mayForkLightly' | 'forkedLightly'> {
  limits: AheadLimits
  /** How many connections the next one serves. */
  requests(): number
  work: Work
  rehearsal: Rehearsable
}

/** All that src/speed is told of a server. Nothing that a server does depends on it. */
export interface Rehearsable {
  /** What runs for every connection in its process. */
  readonly hot: readonly Compilable[]
  /** The user's own, which are not run in a rehearsal: they are compiled as far as that goes. */
  readonly uncalled: readonly Compilable[]
  /** Of these, what the others are called by. */
  readonly roots: readonly Compilable[]
  /** What a client may send in a rehearsal; undefined when the handler is not to be run. */
  readonly sample: Uint8Array | undefined
  /** Acts once the connection that is rehearsed waits for its client. */
  whileWaiting(act: () => void): void
  /** Called before the first rehearsal, and after the last. */
  begin(): void
  end(): void
}
