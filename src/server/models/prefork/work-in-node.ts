/** A worker with the whole of Node: it waits for its next client in Node's loop, where what the program has begun goes on meanwhile. */
import { ExclusiveWake } from '../../../engine/exclusive-wake.js'
import { markWhenIdle } from '../../../engine/idle-marking.js'
import { describe } from '../../../engine/output/words.js'
import { collectGarbage } from '../../../engine/v8-flags.js'
import { afterEndings } from '../../../fork/first-turns.js'
import { reviveNode } from '../../../fork/fork.js'
import { reapOrphans } from '../../../fork/orphans.js'
import type { NoRoom } from '../../../fork/room.js'
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from '../../../libc/constants.js'
import { PosixError } from '../../../libc/posix-error.js'
import { readSignals, signalfd, sigset } from '../../../libc/signal.js'
import { accept4 } from '../../../libc/socket.js'
import { NodeReactor } from '../../../reactor/node-reactor.js'
import { LEAVE_IF_IDLE } from '../../../supervisor/ahead/surplus.js'
import { BackOff } from '../../../supervisor/back-off.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Log } from '../../../supervisor/log.js'
import type { ForkedWorker } from '../../../supervisor/plan.js'
import { adapt } from '../../connection/adapt.js'
import { catchErrors } from '../../connection/catch-errors.js'
import { SocketConnection } from '../../connection/connection.js'
import type { Connection, ConnectionHandler, Handler, WatchingConnection } from '../../connection/contract.js'
import type { ConnectionTerms } from '../../connection/limits.js'
import { markFailed } from '../../connection/mark-failed.js'
import type { EndingHook } from '../../ending-hook.js'
import { admit } from '../admit.js'
import type { Known } from '../connection-info.js'
import { Ending } from '../ending.js'
import type { ModelSettings } from '../model.js'
import { begin, free, served, take } from './accounting.js'
import { outgrows } from './private-memory.js'

const FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC

export interface NodeServing {
  readonly terms: ConnectionTerms & Pick<ModelSettings, 'proxyGate' | 'tls'>
  /** Bytes of private memory above which a worker leaves; 0 for any number. */
  readonly maxWorkerBytes: number
  readonly handler: Handler
  readonly onEnd: EndingHook | undefined
  /** Called while there is no room for its threads and descriptors. */
  readonly short: (refusal: () => NoRoom) => void
  readonly log: Log
}

/** Returns to Node's event loop. */
export function workInNode(worker: ForkedWorker, serving: NodeServing): void {
  reviveNode(serving.short)
  reapOrphans()
  const ending = new Ending(`worker ${worker.number}`, serving.onEnd)
  // as in a worker of model multiplex
  collectGarbage()
  markWhenIdle(false)
  afterEndings(() => new NodeWorker(worker, serving, ending))
}

class NodeWorker {
  readonly #worker: ForkedWorker
  readonly #serving: NodeServing
  readonly #ending: Ending
  readonly #reactor = new NodeReactor()
  readonly #signals = signalfd(sigset([LEAVE_IF_IDLE]))
  readonly #wakes: readonly ExclusiveWake[]
  readonly #callbacks: ConnectionHandler
  readonly #backOff = new BackOff(5, 1000)
  #left: number
  #waiting = false
  /** The present client, from its first moment until the worker waits again. */
  #client: Known | undefined
  #closed = false
  #finished = false

  constructor(worker: ForkedWorker, serving: NodeServing, ending: Ending) {
    this.#worker = worker
    this.#serving = serving
    this.#ending = ending
    this.#left = worker.requests
    const failed = (connection: Connection, error: unknown): void => this.#failed(connection, error)
    this.#callbacks = catchErrors(this.#adapted(serving.handler), { failed, closed: () => this.#hasClosed() })
    this.#wakes = [...worker.listening.map(({ fd }) => fd), this.#signals].map((fd) => new ExclusiveWake(fd))
    // a turn on, libuv has told the kernel
    setImmediate(() => {
      for (const wake of this.#wakes) wake.settle()
      begin(worker)
      this.#wait()
    })
  }

  #adapted(handler: Handler): ConnectionHandler {
    if (typeof handler !== 'function') return handler
    return adapt(handler, (how, connection) => {
      if (!how.ok) this.#say(connection, how.error)
      this.#finished = true
      this.#goOnIfDone()
    })
  }

  #wait(): void {
    this.#waiting = true
    for (const wake of this.#wakes) wake.join()
    setImmediate(this.#look).unref()
  }

  /** Runs in the check phase, after libuv has waited; an immediate that is unref'd does not make it spin. */
  readonly #look = (): void => {
    if (!this.#waiting) return
    try {
      for (const { fd } of this.#worker.listening) {
        const client = accept4(fd, FLAGS)
        if (client === undefined) continue
        this.#serve(client)
        return
      }
    } catch (error) {
      if (error instanceof PosixError && error.code === 'EINVAL')
        this.#leave() // shut down: the server drains
      else this.#rest(error as Error)
      return
    }
    if (readSignals(this.#signals).length > 0) this.#leave()
    else setImmediate(this.#look).unref()
  }

  #serve(fd: number): void {
    this.#waiting = false
    for (const wake of this.#wakes) wake.leave()
    if (!this.#backOff.fresh) {
      this.#backOff.succeeded()
      this.#serving.log.info({}, 'accepting again')
    }
    if (this.#left === this.#worker.requests) markWhenIdle(true)
    const client = take(this.#worker, fd)
    const { terms } = this.#serving
    this.#client = client
    this.#closed = false
    this.#finished = typeof this.#serving.handler !== 'function'
    admit(client, this.#reactor, terms, {
      under() {},
      named: (named) => this.#named(named),
      start: (admitted) => new SocketConnection(admitted, this.#reactor, this.#callbacks, terms).start(),
      failed: () => {
        this.#finished = true
        this.#hasClosed()
      },
    })
  }

  #named(client: Known): void {
    this.#client = client
    this.#worker.board.nameClient(this.#worker.row, client.peer)
  }

  #hasClosed(): void {
    this.#closed = true
    // whoever awaits the connection hears of it first
    setImmediate(() => this.#goOnIfDone())
  }

  /** Called twice for a connection: the second time there is nothing to do. */
  #goOnIfDone(): void {
    const client = this.#client
    if (!this.#closed || !this.#finished || client === undefined) return
    this.#client = undefined
    served()
    this.#left--
    if (this.#left === 0 || outgrows(this.#serving.maxWorkerBytes)) {
      this.#leave()
      return
    }
    free(this.#worker, client)
    this.#wait()
  }

  #leave(): void {
    this.#waiting = false
    this.#ending.begin(EXIT.ok)
  }

  /** EMFILE, ENFILE, ENOMEM: asking again at once would only burn the CPU. Logged once until it works again. */
  #rest({ message, code }: NodeJS.ErrnoException): void {
    this.#waiting = false
    for (const wake of this.#wakes) wake.leave()
    if (this.#backOff.fresh) this.#serving.log.error({ code }, `cannot accept: ${message}`)
    setTimeout(() => this.#wait(), this.#backOff.failed())
  }

  #failed(connection: Connection, error: unknown): void {
    this.#say(connection, error)
    markFailed((connection as WatchingConnection).row)
    connection.destroy()
  }

  #say({ peerName, id }: Connection, error: unknown): void {
    this.#serving.log.warn({ peer: peerName, id }, `the handler failed: ${describe(error)}`)
  }
}
