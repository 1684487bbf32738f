/** What a supervisor is made of; filled in by a model, so that this layer knows nothing of handlers. */
import type { SocketAddress } from '../posix/address.js'
import type { Log } from './log.js'
import type { Service } from './services.js'
import type { Settlement } from './settle.js'
import type { Stage } from './stage.js'

/** A listening socket. */
export interface Listening {
  fd: number
  address: SocketAddress
}

/** A connection, in the process that was forked for it. */
export interface ForkedConnection {
  fd: number
  id: number
  peer: SocketAddress
  listening: Listening
}

export interface SupervisorPlan {
  /** Our end of the channel to the launcher; non-blocking. */
  control: number
  /** A signalfd with every signal of `managedSignals`. */
  signals: number
  listening: readonly Listening[]
  maxConnections: number
  drainTimeoutMs: number
  services: readonly Service[]
  serviceSettlement: Omit<Settlement, 'parent' | 'title' | 'port' | 'id'>
  stage: Stage
  /** Called in a forked connection process; returns its exit status, or what to do once the stack is unwound. */
  connection(forked: ForkedConnection): number | (() => void)
  log: Log
}
