/** A supervisor that is running, seen from its launcher: told, watched, outlived. */
import { hurry, takeTime } from '../../engine/output/patience.js'
import { describeProcess } from '../../fork/kin.js'
import { resignAsSubreaper } from '../../fork/orphans.js'
import { closePrivate, keepPrivate } from '../../fork/private-descriptors.js'
import { SHUT_RDWR, SIGCONT, SIGKILL, WNOHANG } from '../../libc/constants.js'
import { trySignal, waitpid } from '../../libc/process.js'
import { shutdown } from '../../libc/socket.js'
import { NodeReactor } from '../../reactor/node-reactor.js'
import { READABLE, type Watch } from '../../reactor/reactor.js'
import { type ConnectionEnd, type FromSupervisor, LineReader, sendLine, type ToSupervisor } from '../channel.js'
import { describeExit, EXIT } from '../exit-status.js'
import type { Log } from '../log.js'
import { logStays } from '../log-lines.js'
import { KILLED_MS } from '../reaper.js'
import { serverSignals } from '../signals.js'
import { whenEnded } from './end-of-process.js'
import { endLeftBehind } from './left-behind.js'
import { Questions } from './questions.js'
import type { StopSignals } from './stop-signals.js'

/** How a supervisor ended. */
export interface ServerExit {
  /** 0 when it stopped as asked. */
  code: number
  /** `exited with status 0: finished`, `killed by SIGKILL` */
  words: string
}

/** The server could not start; `exitCode` is what a command should exit with. */
export class StartError extends Error {
  override readonly name = 'StartError'

  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message)
  }
}

/** How long a supervisor that was told to stop may be silent; its loop never waits for anything else. */
const SILENT_MS = 5000
/** A launcher that has become another user may not send signals; its channel says the same. */
const commandOf = (name: NodeJS.Signals): ToSupervisor => ({ type: name === 'SIGTERM' ? 'drain' : 'stop' })

/** A supervisor that is running, seen from its launcher. */
export class Launched {
  readonly #supervisor: number
  readonly #control: number
  readonly #reactor: NodeReactor
  readonly #channel: Watch
  readonly #stopLooking: () => void
  readonly #lines: LineReader<FromSupervisor>
  readonly questions = new Questions((question) => this.send(question))
  /** Called for each connection that has ended, if the server tells of them. */
  onConnectionEnd: ((connection: ConnectionEnd) => void) | undefined
  #ended = false
  readonly #signals: StopSignals
  readonly #log: Log
  #watchdog: NodeJS.Timeout | undefined
  #killed = false
  #givingUp: NodeJS.Timeout | undefined
  #settleReady: { resolve(): void; reject(error: Error): void } | undefined
  #resolveExit: (exit: ServerExit) => void = () => {}
  /** Fulfilled when the supervisor has ended and nothing of its tree is left. */
  readonly exited: Promise<ServerExit>
  readonly ready: Promise<void>

  /** @throws {PosixError} EMFILE, ENOMEM: then nothing is held or watched */
  constructor(supervisor: number, control: number, signals: StopSignals, log: Log) {
    this.#supervisor = supervisor
    this.#control = control
    this.#lines = new LineReader(control)
    this.exited = new Promise((resolve) => {
      this.#resolveExit = resolve
    })
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject }
    })
    this.#signals = signals
    this.#log = log
    this.#reactor = new NodeReactor()
    try {
      this.#stopLooking = whenEnded(supervisor, this.#reactor, () => this.#end())
    } catch (error) {
      this.#reactor.close()
      throw error
    }
    keepPrivate(control)
    this.#channel = this.#reactor.watch(control, READABLE, () => this.#hear())
    signals.passTo({ signal: (name) => this.#forward(name), kill: () => this.#kill() })
  }

  get pid(): number {
    return this.#supervisor
  }

  /** False when it has ended. */
  #forward(name: NodeJS.Signals): boolean {
    if (this.#ended) return false
    const managed = serverSignals.find((signal) => signal.name === name)
    if (managed === undefined) return true
    const became = trySignal(this.#supervisor, managed.number)
    if (!managed.stops) return true
    if (became === 'forbidden') this.send(commandOf(name))
    this.#expectEnd()
    return true
  }

  /** No new connections; running ones finish. */
  drain(): void {
    this.send({ type: 'drain' })
    this.#expectEnd()
  }

  stop(): void {
    this.send({ type: 'stop' })
    this.#expectEnd()
  }

  /** It was told to stop. */
  #expectEnd(): void {
    if (this.#ended) return
    hurry()
    // stopped by SIGSTOP it could not
    trySignal(this.#supervisor, SIGCONT)
    this.#watchdog ??= this.#watchStopping()
  }

  /** One that does not even answer, because the terminal that it writes to is stopped, say, is killed. */
  #watchStopping(): NodeJS.Timeout {
    let silent = false
    const ask = (): void => {
      if (silent) this.#kill()
      silent = true
      const answered = (): void => {
        silent = false
      }
      this.questions.stats().then(answered, answered)
    }
    ask()
    return setInterval(ask, SILENT_MS).unref()
  }

  #kill(): void {
    if (this.#ended) return
    this.#killed = true
    // one that may not be killed ends by itself when its channel does
    if (trySignal(this.#supervisor, SIGKILL) === 'forbidden') shutdown(this.#control, SHUT_RDWR)
    this.#givingUp ??= setTimeout(() => this.#giveUp(), KILLED_MS)
  }

  /** Not even SIGKILL has ended it: it waits for a disk that hangs, say. It ends when that does. */
  #giveUp(): void {
    if (this.#ended) return
    logStays(this.#log, describeProcess(this.#supervisor))
    this.#letGo()
    this.#report({ code: EXIT.system, words: 'could not be ended' })
  }

  /** Sends a message; to a server that has ended, nothing: the descriptor may be somebody else's by now. */
  send(message: ToSupervisor): void {
    if (!this.#ended) sendLine(this.#control, message)
  }

  #hear(): void {
    for (const message of this.#lines.take())
      switch (message.type) {
        case 'ready':
          this.#settleReady?.resolve()
          break
        case 'failed':
          this.#settleReady?.reject(new StartError(message.message, message.exitCode))
          break
        case 'stats':
        case 'connections':
        case 'told-to-end':
          this.questions.answered(message)
          break
        case 'ended':
          this.onConnectionEnd?.(message.connection)
          break
      }
    if (this.#lines.ended) this.#channel.stop()
  }

  #end(): void {
    const waited = waitpid(this.#supervisor, WNOHANG)
    if (waited === undefined) return
    this.#hear()
    this.#letGo()
    void this.#endTree(waited.status)
  }

  #letGo(): void {
    this.#ended = true
    this.questions.giveUp()
    this.#stopLooking()
    this.#reactor.close()
    closePrivate(this.#control)
    clearInterval(this.#watchdog)
    clearTimeout(this.#givingUp)
  }

  /** Of a supervisor that was killed: its orphans came to us. */
  async #endTree(status: number): Promise<void> {
    for (const process of await endLeftBehind(this.#supervisor)) logStays(this.#log, process)
    const died = (status & 0x7f) === 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    this.#report({ code: this.#killed ? 0 : died, words: describeExit(status) })
  }

  #report({ code, words }: ServerExit): void {
    takeTime()
    resignAsSubreaper()
    const { told } = this.#signals
    // a server that was told to stop before it was ready has not failed
    if (!this.#signals.ended(code) || told === undefined) {
      const how = told === undefined ? words : `was stopped by ${told}`
      this.#settleReady?.reject(
        new StartError(`the supervisor ${how} before it was ready`, told === undefined ? 111 : 0),
      )
    }
    this.#resolveExit({ code, words })
  }
}
