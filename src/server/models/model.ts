/** What a model is: who serves a connection. Each is a value of this type, in one file; src/server/models/index.ts lists them. */

import type { PollerName } from '../../reactor/poller.js'
import type { ConnectionEnd, ConnectionInfo, Stats } from '../../supervisor/channel.js'
import type { ServerExit } from '../../supervisor/launcher/launched.js'
import type { StopSignals } from '../../supervisor/launcher/stop-signals.js'
import type { Log } from '../../supervisor/log.js'
import type { Listening } from '../../supervisor/plan.js'
import type { Application, Hosting } from '../application.js'
import type { ConnectionLimits } from '../connection/limits.js'
import type { EndingHook } from '../ending-hook.js'
import type { ProxyGate } from '../proxy-protocol/gate.js'
import type { TlsEndpoint } from '../tls/endpoint.js'

/** What can be asked of a model, instead of its name. */
export interface Capabilities extends Hosting {
  /** Whether Node's event loop runs where a handler of this style runs, with TLS or without. */
  runsNodesLoop(handler: Application['handler'], settings: Pick<ModelSettings, 'tls'>): boolean
}

/** What a model is told of the server's options. */
export interface ModelSettings extends ConnectionLimits {
  readonly maxConnections: number
  readonly hungMs: number
  readonly drainTimeoutMs: number
  readonly poller: PollerName
  readonly workers: number
  readonly reusePort: boolean
  readonly minSpare: number
  /** Undefined for twice `minSpare`. */
  readonly maxSpare: number | undefined
  /** Undefined for `maxConnections`. */
  readonly maxWorkers: number | undefined
  readonly maxRequests: number
  readonly maxWorkerBytes: number
  readonly startTimeoutMs: number
  readonly maxStartFailures: number
  /** Undefined where nothing is encrypted. */
  readonly tls: TlsEndpoint | undefined
  /** Undefined where clients connect themselves. */
  readonly proxyGate: ProxyGate | undefined
  /** Called in the process that called `serve`, for each connection that has ended. */
  readonly onConnectionEnd: ((connection: ConnectionEnd) => void) | undefined
  /** Called in each process that served, before it ends. */
  readonly onEnd: EndingHook | undefined
  /** What a client might send; undefined when the handler is not to be rehearsed. */
  readonly rehearsal: Uint8Array | undefined
}

/** Whether the kernel counts other bytes of a connection than its handler is given: encrypted ones, the headers of proxies. */
export const countsOtherBytes = ({ tls, proxyGate }: Pick<ModelSettings, 'tls' | 'proxyGate'>): boolean =>
  tls !== undefined || proxyGate !== undefined

/** On which options that depends. */
export interface HeldBy extends Pick<ModelSettings, 'workers' | 'maxRequests'> {
  /** Encrypted, whatever it says. */
  readonly tls: unknown
}

export interface ModelSetup {
  readonly settings: ModelSettings
  readonly listening: readonly Listening[]
  readonly application: Application
  readonly log: Log
  /** Of this process; a model says whom they go to, and when its server has ended. */
  readonly signals: StopSignals
}

/** A server that accepts. */
export interface RunningModel {
  /** The process that accepts. */
  readonly pid: number
  /** Fulfilled when the server has ended and nothing of its process tree is left. */
  readonly exited: Promise<ServerExit>
  stats(): Promise<Stats>
  connections(): Promise<ConnectionInfo[]>
  /** Reports whether there was such a connection. */
  end(id: number): Promise<boolean>
  drain(): void
  stop(): void
}

/** What limits of the system bear on how many connections are open at once. */
export interface Held {
  /** Processes and threads of each connection. */
  readonly tasks: number
  /** Where connections share a process: how many such processes there are. */
  readonly sharing?: number
}

export interface ModelDefinition extends Capabilities {
  /** What connections hold of the system; undefined where there is but one at a time. */
  readonly held?: (handler: Application['handler'], settings: HeldBy) => Held
  /**
   * Starts serving; fulfilled once it accepts. The listening sockets are its own from now on, whatever happens.
   *
   * @throws {ForkRefused} {StartError} when it cannot
   */
  start(setup: ModelSetup): RunningModel | Promise<RunningModel>
}
