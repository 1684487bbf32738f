/** Model `single`: this process, one connection after another. The first server of the course notes, and for debugging. */

import { setTimeout as delay } from 'node:timers/promises'
import { describe } from '../../engine/output/words.js'
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import type { PosixError } from '../../libc/posix-error.js'
import { getpid } from '../../libc/process.js'
import { accept4, acceptedPeer } from '../../libc/socket.js'
import { NodeReactor } from '../../reactor/node-reactor.js'
import { READABLE, type Timer, type Watch } from '../../reactor/reactor.js'
import { BYTES_READ, BYTES_WRITTEN, CONNECTIONS, FATE, MESSAGES, PID, shown, TOLD_TO_END } from '../../reactor/slot.js'
import { BackOff } from '../../supervisor/back-off.js'
import type { ConnectionInfo, Stats } from '../../supervisor/channel.js'
import type { ServerExit } from '../../supervisor/launcher/launched.js'
import type { StopSignals } from '../../supervisor/launcher/stop-signals.js'
import type { Log } from '../../supervisor/log.js'
import type { Listening } from '../../supervisor/plan.js'
import { Scoreboard } from '../../supervisor/scoreboard.js'
import type { Application } from '../application.js'
import { adapt } from '../connection/adapt.js'
import { catchErrors } from '../connection/catch-errors.js'
import { SocketConnection } from '../connection/connection.js'
import type { Accepted, Connection, ConnectionHandler, Handler, WatchingConnection } from '../connection/contract.js'
import { LocalDrain } from '../connection/drain.js'
import type { ConnectionTerms } from '../connection/limits.js'
import { markFailed } from '../connection/mark-failed.js'
import { awaitHook, ENDING_MS } from '../ending-hook.js'
import { closeListeners } from '../listen.js'
import type { Handshake } from '../tls/endpoint.js'
import { admit } from './admit.js'
import { endOf, infoOf, type Known } from './connection-info.js'
import {
  countsOtherBytes,
  type ModelDefinition,
  type ModelSettings,
  type ModelSetup,
  type RunningModel,
} from './model.js'

export const singleModel: ModelDefinition = {
  forks: false,
  sharesMemory: false,
  runsNodesLoop: () => true,
  start(setup) {
    try {
      return new SingleServer(setup)
    } catch (error) {
      closeListeners(setup.listening)
      throw error
    }
  },
}

class SingleServer implements RunningModel {
  readonly #settings: ModelSettings
  readonly #application: Application
  readonly #log: Log
  readonly #reactor = new NodeReactor()
  readonly #watches: Watch[]
  readonly #listening: readonly Listening[]
  readonly #signals: StopSignals
  #current: Connection | Handshake | undefined
  /** Of the same. */
  #known: Known | undefined
  /** For those who look from outside: this process, and a row for its connection. */
  readonly #board = new Scoreboard(1, 1)
  readonly #slot: number
  readonly #drain = new LocalDrain()
  readonly #terms: ConnectionTerms
  readonly #backOff = new BackOff(5, 1000)
  /** Of accepting again, or of the drain. */
  #timer: Timer | undefined
  #state: 'running' | 'draining' | 'ended' = 'running'
  #resolveExit: (exit: ServerExit) => void = () => {}
  readonly exited: Promise<ServerExit>

  constructor({ settings, listening, application, log, signals }: ModelSetup) {
    this.#signals = signals
    this.#settings = settings
    this.#terms = { ...settings, drain: this.#drain }
    this.#application = application
    this.#log = log
    this.#listening = listening
    this.exited = new Promise((resolve) => {
      this.#resolveExit = resolve
    })
    this.#board.head.showOtherBytes(countsOtherBytes(settings))
    this.#slot = this.#board.take('single', 0, -1, Date.now())
    this.#board.set(this.#slot, PID, getpid())
    this.#board.show(this.#slot)
    application.prepare?.(singleModel, log)
    this.#watches = listening.map(({ fd }) => this.#reactor.watch(fd, READABLE, () => this.#accept(fd)))
    signals.passTo({ signal: (name) => this.#obey(name), kill: () => this.#end() })
  }

  #obey(signal: NodeJS.Signals): boolean {
    if (signal === 'SIGTERM') this.drain()
    else if (signal !== 'SIGHUP') this.stop()
    return true
  }

  get pid(): number {
    return process.pid
  }

  stats(): Promise<Stats> {
    const connections = this.#current === undefined ? 0 : 1
    return Promise.resolve({
      supervisor: process.pid,
      state: this.#state,
      forked: 0,
      running: 0,
      reaped: 0,
      adopted: 0,
      connections,
      accepted: this.#board.accepted,
      idle: 0,
      bytesRead: shown(BYTES_READ),
      bytesWritten: shown(BYTES_WRITTEN),
      messages: shown(MESSAGES),
      services: [],
    })
  }

  connections(): Promise<ConnectionInfo[]> {
    return Promise.resolve(this.#known === undefined ? [] : [infoOf(this.#known, process.pid)])
  }

  end(id: number): Promise<boolean> {
    const found = this.#known?.id === id
    if (found) {
      this.#known?.row.show(FATE, TOLD_TO_END)
      this.#current?.destroy()
    }
    return Promise.resolve(found)
  }

  #accept(listener: number): void {
    if (this.#current !== undefined || this.#state !== 'running') return
    const fd = this.#take(listener)
    if (fd === undefined) return
    for (const watch of this.#watches) watch.change(0)
    const handler = this.#callbacks(this.#application.handler)
    const id = this.#board.accept()
    const row = this.#board.enter(this.#board.rowAfter(0), getpid(), id, fd)
    this.#board.set(this.#slot, CONNECTIONS, 1)
    const accepted: Accepted & Known = { fd, id, peer: acceptedPeer(), row }
    this.#known = accepted
    admit(accepted, this.#reactor, this.#settings, {
      under: (handshake) => {
        this.#current = handshake
      },
      named: (client) => {
        this.#known = client
        this.#board.nameClient(row.number, client.peer)
      },
      start: (client) => {
        const connection = new SocketConnection(client, this.#reactor, handler, this.#terms)
        this.#current = connection
        connection.start()
      },
      failed: () => this.#next(),
    })
  }

  #take(listener: number): number | undefined {
    try {
      const fd = accept4(listener, SOCK_NONBLOCK | SOCK_CLOEXEC)
      if (fd !== undefined && !this.#backOff.fresh) {
        this.#backOff.succeeded()
        this.#log.info({}, 'accepting again')
      }
      return fd
    } catch (error) {
      this.#rest(error as PosixError)
      return undefined
    }
  }

  /** EMFILE, ENFILE, ENOMEM: asking again at once would only burn the CPU. Logged once until it works again. */
  #rest(error: PosixError): void {
    if (this.#backOff.fresh) this.#log.error({ code: error.code }, `cannot accept: ${error.message}`)
    for (const watch of this.#watches) watch.change(0)
    this.#timer = this.#reactor.after(this.#backOff.failed(), () => this.#listen())
  }

  #listen(): void {
    if (this.#state === 'running' && this.#current === undefined)
      for (const watch of this.#watches) watch.change(READABLE)
  }

  #callbacks(handler: Handler): ConnectionHandler {
    const callbacks =
      typeof handler === 'function'
        ? adapt(handler, (how, connection) => {
            if (!how.ok) this.#failed(connection, how.error)
          })
        : handler
    return catchErrors(callbacks, {
      failed: (connection, error) => this.#failed(connection, error),
      closed: () => this.#next(),
    })
  }

  #failed(connection: Connection, error: unknown): void {
    this.#log.warn({ peer: connection.peerName }, `the handler failed: ${describe(error)}`)
    markFailed((connection as WatchingConnection).row)
    connection.destroy()
  }

  #next(): void {
    const ended = this.#known
    this.#current = undefined
    this.#known = undefined
    if (ended !== undefined) this.#settings.onConnectionEnd?.(endOf(ended, process.pid))
    this.#board.set(this.#slot, CONNECTIONS, 0)
    this.#board.leave(this.#board.rowAfter(0))
    if (this.#state === 'running') this.#listen()
    else this.#end()
  }

  drain(): void {
    if (this.#state !== 'running') return
    this.#state = 'draining'
    this.#drain.begin()
    this.#timer?.cancel()
    for (const watch of this.#watches) watch.stop()
    for (const { fd } of this.#listening) close(fd)
    if (this.#current === undefined) this.#end()
    else this.#timer = this.#reactor.after(this.#settings.drainTimeoutMs, () => this.#current?.destroy())
  }

  stop(): void {
    this.drain()
    this.#current?.destroy()
  }

  #end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#timer?.cancel()
    this.#reactor.close()
    if (this.#board.descriptor >= 0) close(this.#board.descriptor)
    void this.#leave()
  }

  async #leave(): Promise<void> {
    const { onEnd } = this.#settings
    const limit = new AbortController()
    if (onEnd !== undefined)
      await awaitHook(
        onEnd,
        delay(ENDING_MS, undefined, limit).catch(() => {}),
        'the server',
      )
    limit.abort()
    this.#application.dispose?.()
    this.#signals.ended(0)
    this.#resolveExit({ code: 0, words: 'exited with status 0: finished' })
  }
}
