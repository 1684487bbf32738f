/** A loop worker: one process, one poller, many connections. It accepts for itself, and ends when it is told and empty. */
import { describe } from '../../../engine/output/words.js'
import type { NoRoom } from '../../../fork/room.js'
import { SIGINT, SIGQUIT, SIGTERM } from '../../../libc/constants.js'
import { readSignals, signalfd, sigset } from '../../../libc/signal.js'
import { acceptedPeer } from '../../../libc/socket.js'
import { READABLE, type Reactor, type Watch } from '../../../reactor/reactor.js'
import { CONNECTIONS, show } from '../../../reactor/slot.js'
import { LimitLog } from '../../../supervisor/limit-log.js'
import { ListeningSocket } from '../../../supervisor/listening-socket.js'
import type { Log } from '../../../supervisor/log.js'
import type { Listening } from '../../../supervisor/plan.js'
import type { Scoreboard } from '../../../supervisor/scoreboard.js'
import { waitingClients } from '../../../supervisor/waiting-clients.js'
import { adapt } from '../../connection/adapt.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Connection, ConnectionHandler, Handler } from '../../connection/contract.js'
import type { ConnectionLimits } from '../../connection/limits.js'
import { keepChunks } from '../../connection/read-buffer.js'
import { catchErrors } from './catch-errors.js'
import type { WakePipe } from './wake-pipe.js'

/** Connections accepted in one turn from one listener; those who are served already come first after that. */
const ACCEPT_AT_ONCE = 64

/** Taken through a signalfd; the worker is forked with them blocked. */
export const WORKER_SIGNALS: readonly number[] = [SIGTERM, SIGINT, SIGQUIT]

export interface WorkerSetup {
  /** Counts from 1. */
  number: number
  listening: readonly Listening[]
  /** Shared with other workers that accept from the same sockets; undefined without such. */
  wakePipe: WakePipe | undefined
  /** This worker's share of the server's connections. */
  maxConnections: number
  limits: ConnectionLimits
  handler: Handler
  /** Called before the worker serves its first connection. */
  first?(): void
  /** Called once the worker has drained, before it leaves. */
  drained(): void
  /** Called while there is no room for its threads and descriptors. */
  short(refusal: () => NoRoom): void
  board: Scoreboard
  log: Log
}

export class Worker {
  readonly #setup: WorkerSetup
  readonly #reactor: Reactor
  /** Ends the process. */
  readonly #leave: () => void
  readonly #sockets: ListeningSocket[]
  readonly #wakeWatch: Watch | undefined
  readonly #callbacks: ConnectionHandler
  readonly #limitLog: LimitLog
  #connections = 0
  /** Function handlers that have not returned; one may outlive its connection. */
  #running = 0
  #served = false
  #full = false
  #draining = false

  constructor(setup: WorkerSetup, reactor: Reactor, leave: () => void) {
    this.#setup = setup
    this.#reactor = reactor
    this.#leave = leave
    this.#callbacks = catchErrors(this.#adapted(setup.handler), {
      failed: (connection, error) => this.#failed(connection, error),
      closed: () => this.#closed(),
    })
    keepChunks()
    const signals = signalfd(sigset(WORKER_SIGNALS))
    reactor.watch(signals, READABLE, () => this.#takeSignals(signals))
    const accept = (socket: ListeningSocket): void => this.#accept(socket)
    this.#sockets = setup.listening.map(
      (listening) => new ListeningSocket(listening, setup.wakePipe !== undefined, reactor, setup.log, accept),
    )
    const waiting = (): number => setup.listening.reduce((sum, each) => sum + waitingClients(each), 0)
    this.#limitLog = new LimitLog(reactor, setup.log, setup.maxConnections, waiting)
    this.#wakeWatch = setup.wakePipe?.listen(reactor, () => this.#lookAgain())
  }

  #adapted(handler: Handler): ConnectionHandler {
    if (typeof handler !== 'function') return handler
    const counted = (connection: Connection): Promise<void> | void => {
      this.#running++
      return handler(connection)
    }
    return adapt(counted, (how, connection) => {
      this.#running--
      if (!how.ok) this.#say(connection, how.error)
      this.#leaveIfDrained()
    })
  }

  #accept(socket: ListeningSocket): void {
    for (let left = ACCEPT_AT_ONCE; left > 0; left--) {
      if (this.#full) return
      const fd = socket.accept()
      if (fd === undefined) return
      socket.served()
      this.#serve(fd)
    }
  }

  #serve(fd: number): void {
    const { board, limits, maxConnections } = this.#setup
    if (!this.#served) this.#setup.first?.()
    this.#served = true
    show(CONNECTIONS, ++this.#connections)
    if (this.#connections >= maxConnections) this.#shut()
    const accepted = { fd, id: board.accept(), peer: acceptedPeer() }
    new SocketConnection(accepted, this.#reactor, this.#callbacks, limits).start()
  }

  #closed(): void {
    show(CONNECTIONS, --this.#connections)
    if (this.#full) {
      this.#full = false
      this.#limitLog.left()
      for (const socket of this.#sockets) socket.open()
      this.#wakeWatch?.change(READABLE)
    }
    this.#leaveIfDrained()
  }

  /** At the limit the listeners leave the poll set, and clients wait in the kernel's queue, or for another worker. */
  #shut(): void {
    this.#full = true
    this.#limitLog.reached()
    for (const socket of this.#sockets) socket.shut()
    this.#wakeWatch?.change(0)
    this.#setup.wakePipe?.ring()
  }

  /** Joining the poll set anew tells whether clients wait that another was woken for. */
  #lookAgain(): void {
    for (const socket of this.#sockets) {
      socket.shut()
      socket.open()
    }
  }

  #failed(connection: Connection, error: unknown): void {
    this.#say(connection, error)
    connection.destroy()
  }

  #say({ peerName, id }: Connection, error: unknown): void {
    this.#setup.log.warn({ peer: peerName, id }, `the handler failed: ${describe(error)}`)
  }

  #takeSignals(signals: number): void {
    for (const signal of readSignals(signals)) {
      if (signal === SIGTERM) this.#drain()
      else this.#leave()
    }
  }

  #drain(): void {
    if (this.#draining) return
    this.#draining = true
    for (const socket of this.#sockets) socket.close()
    this.#limitLog.stop()
    this.#wakeWatch?.stop()
    this.#leaveIfDrained()
  }

  #leaveIfDrained(): void {
    if (!this.#draining || this.#connections > 0 || this.#running > 0) return
    this.#setup.drained()
    this.#leave()
  }
}
