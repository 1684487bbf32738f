/** A loop worker: one process, one poller, many connections. It accepts for itself, and ends when it is told and empty. */
import { describe } from '../../../engine/output/words.js'
import type { NoRoom } from '../../../fork/room.js'
import { SIGINT, SIGQUIT, SIGTERM, SIGURG } from '../../../libc/constants.js'
import { getpid } from '../../../libc/process.js'
import { readSignals, signalfd, sigset } from '../../../libc/signal.js'
import { acceptedPeer } from '../../../libc/socket.js'
import { READABLE, type Reactor, type Watch } from '../../../reactor/reactor.js'
import { CONNECTIONS, show } from '../../../reactor/slot.js'
import type { ConnectionEnd } from '../../../supervisor/channel.js'
import { LimitLog } from '../../../supervisor/limit-log.js'
import { ListeningSocket } from '../../../supervisor/listening-socket.js'
import type { Log } from '../../../supervisor/log.js'
import type { Listening } from '../../../supervisor/plan.js'
import type { Scoreboard } from '../../../supervisor/scoreboard.js'
import { waitingClients } from '../../../supervisor/waiting-clients.js'
import { adapt } from '../../connection/adapt.js'
import { catchErrors } from '../../connection/catch-errors.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Accepted, Connection, ConnectionHandler, Handler, WatchingConnection } from '../../connection/contract.js'
import { LocalDrain } from '../../connection/drain.js'
import type { ConnectionLimits, ConnectionTerms } from '../../connection/limits.js'
import { markFailed } from '../../connection/mark-failed.js'
import { keepChunks } from '../../connection/read-buffer.js'
import { admit } from '../admit.js'
import { endOf, type Known } from '../connection-info.js'
import type { ModelSettings } from '../model.js'
import { ConnectionRows } from './connection-rows.js'
import type { WakePipe } from './wake-pipe.js'

/** Connections accepted in one turn from one listener; those who are served already come first after that. */
const ACCEPT_AT_ONCE = 64

/** Taken through a signalfd; the worker is forked with them blocked. */
export const WORKER_SIGNALS: readonly number[] = [SIGTERM, SIGINT, SIGQUIT, SIGURG]

export interface WorkerSetup {
  /** Counts from 1. */
  number: number
  listening: readonly Listening[]
  /** Shared with other workers that accept from the same sockets; undefined without such. */
  wakePipe: WakePipe | undefined
  /** This worker's share of the server's connections. */
  maxConnections: number
  limits: ConnectionLimits
  gates: Pick<ModelSettings, 'proxyGate' | 'tls'>
  /** The first of this worker's rows on the scoreboard. */
  rows: number
  /** Told of each connection that has ended. */
  tell: ((connection: ConnectionEnd) => void) | undefined
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
  readonly #rows: ConnectionRows
  readonly #localDrain = new LocalDrain()
  readonly #terms: ConnectionTerms
  readonly #pid = getpid()
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
    this.#rows = new ConnectionRows(setup.board, setup.rows, setup.maxConnections)
    this.#terms = { ...setup.limits, drain: this.#localDrain }
    this.#callbacks = catchErrors(this.#adapted(setup.handler), {
      failed: (connection, error) => this.#failed(connection, error),
      // each has a row here
      closed: (connection) => this.#closed(connection as Connection & Known),
    })
    keepChunks()
    const signals = signalfd(sigset(WORKER_SIGNALS))
    reactor.watch(signals, READABLE, () => this.#takeSignals(signals))
    const accept = (socket: ListeningSocket): void => this.#accept(socket)
    this.#sockets = setup.listening.map(
      (listening) => new ListeningSocket(listening, setup.wakePipe !== undefined, reactor, setup.log, accept),
    )
    const waiting = (): number => waitingClients(setup.listening)
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
    const { board, gates, maxConnections } = this.#setup
    const id = board.accept()
    if (!this.#served) this.#setup.first?.()
    this.#served = true
    show(CONNECTIONS, ++this.#connections)
    if (this.#connections >= maxConnections) this.#shut()
    const row = this.#rows.enter(id, fd)
    const accepted: Accepted & Known = { fd, id, peer: acceptedPeer(), row }
    admit(accepted, this.#reactor, gates, {
      under: (handshake) => this.#rows.belongs(row, handshake),
      named: ({ peer }) => board.nameClient(row.number, peer),
      start: (client) => this.#start(client),
      failed: (client) => this.#closed(client),
    })
  }

  #start(accepted: Accepted & Known): void {
    const connection = new SocketConnection(accepted, this.#reactor, this.#callbacks, this.#terms)
    this.#rows.belongs(accepted.row, connection)
    connection.start()
  }

  #closed(connection: Known): void {
    show(CONNECTIONS, --this.#connections)
    this.#setup.tell?.(endOf(connection, this.#pid))
    this.#rows.leave(connection.row)
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
    markFailed((connection as WatchingConnection).row)
    connection.destroy()
  }

  #say({ peerName, id }: Connection, error: unknown): void {
    this.#setup.log.warn({ peer: peerName, id }, `the handler failed: ${describe(error)}`)
  }

  #takeSignals(signals: number): void {
    for (const signal of readSignals(signals)) {
      if (signal === SIGTERM) this.#drain()
      else if (signal === SIGURG) this.#rows.endTold()
      else this.#leave()
    }
  }

  #drain(): void {
    if (this.#draining) return
    this.#draining = true
    this.#localDrain.begin()
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
