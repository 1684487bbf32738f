/** What a supervisor is made of; filled in by a model, so that this layer knows nothing of handlers. */

import type { Settlement } from '../fork/become-child.js'
import type { SocketAddress } from '../libc/address.js'
import type { Stage } from '../speed/stage.js'
import type { Log } from './log.js'
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

/** What workers that accept for themselves count. */
export interface TrafficCount {
  readonly accepted: number
  readonly connections: number
}

/** A connection, in the process that was forked for it. */
export interface ForkedConnection {
  fd: number
  id: number
  peer: SocketAddress
  listening: Listening
}

export type SettlementOf = Omit<Settlement, 'parent' | 'title' | 'port' | 'id'>

export interface SupervisorPlan {
  /** Our end of the channel to the launcher; non-blocking. */
  control: number
  /** A signalfd with every signal of `managedSignals`. */
  signals: number
  listening: readonly Listening[]
  /** Listeners that only workers accept from; held for those that start again, closed when the server drains. */
  lent: readonly number[]
  /** What the workers count; undefined where the supervisor accepts. */
  traffic: TrafficCount | undefined
  maxConnections: number
  drainTimeoutMs: number
  services: readonly Service[]
  /** How services settle; workers, which die with the supervisor and keep the listeners, in their own way. */
  serviceSettlement: SettlementOf
  workerSettlement: SettlementOf
  stage: Stage
  /** Called in a forked connection process; returns its exit status, or what to do once the stack is unwound. */
  connection(forked: ForkedConnection): number | (() => void)
  log: Log
}
