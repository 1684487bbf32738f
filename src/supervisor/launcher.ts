/**
 * The launcher: the process that the shell, systemd or a container started. Forks the supervisor once, passes signals
 * on, and reports how it ended. Its own event loop stays Node's.
 */

import { forkQuiesced, quiesceToLetGo } from '../fork/fork.js'
import { describeProcess } from '../fork/kin.js'
import type { OpenObjects } from '../fork/open-objects.js'
import { becomeSubreaper, resignAsSubreaper } from '../fork/orphans.js'
import { closePrivate, closePrivateDescriptors, keepPrivate } from '../fork/private-descriptors.js'
import type { Room } from '../fork/room.js'
import { SHUT_RDWR, SIGCONT, SIGKILL, SOCK_CLOEXEC, SOCK_STREAM, WNOHANG } from '../libc/constants.js'
import { close, setNonBlocking } from '../libc/fd.js'
import { getpid, trySignal, waitpid } from '../libc/process.js'
import { blockSignals, type SigSet, setSignalMask, sigset } from '../libc/signal.js'
import { shutdown, socketpair } from '../libc/socket.js'
import { NodeReactor } from '../reactor/node-reactor.js'
import { READABLE, type Watch } from '../reactor/reactor.js'
import {
  type ConnectionEnd,
  type ConnectionInfo,
  type FromSupervisor,
  LineReader,
  type Stats,
  sendLine,
  type ToSupervisor,
} from './channel.js'
import { whenEnded } from './end-of-process.js'
import { describeExit, EXIT } from './exit-status.js'
import { endLeftBehind } from './left-behind.js'
import type { Log } from './log.js'
import { logStays } from './log-lines.js'
import { KILLED_MS } from './reaper.js'
import { managedSignals, serverSignals } from './signals.js'
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

/** What the supervisor process is given. */
export interface SupervisorBirth {
  control: number
  launcher: number
  /** What the launcher's program had open. */
  open: OpenObjects
  /** The signal mask from before the launch, for children that run user code. */
  mask: SigSet
}

/** What a supervisor says because it was asked. */
type AnswerOf<Type> = Extract<FromSupervisor, { type: Type }>
type Answer = AnswerOf<'stats' | 'connections' | 'told-to-end'>

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
  /** Answers come in the order of the questions. */
  readonly #asked: { resolve(answer: Answer): void; reject(error: Error): void }[] = []
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

  #forward(name: NodeJS.Signals): void {
    const managed = serverSignals.find((signal) => signal.name === name)
    if (managed === undefined || this.#ended) return
    const became = trySignal(this.#supervisor, managed.number)
    if (!managed.stops) return
    if (became === 'forbidden') this.send(commandOf(name))
    this.#expectEnd()
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
      this.stats().then(answered, answered)
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

  /** Asks for the counters. @throws {Error} when the server has ended, or ends meanwhile */
  stats(): Promise<Stats> {
    return this.#ask({ type: 'stats' }).then((answer) => (answer as AnswerOf<'stats'>).stats)
  }

  /** Asks who is connected. @throws {Error} when the server has ended, or ends meanwhile */
  async connections(): Promise<ConnectionInfo[]> {
    const connections: ConnectionInfo[] = []
    for (let more = true; more; ) {
      const answer = await this.#ask({ type: 'connections', after: connections.at(-1)?.id ?? 0 })
      const page = answer as AnswerOf<'connections'>
      connections.push(...page.list)
      more = page.more
    }
    return connections
  }

  /** Ends a connection; false when there is no such. @throws {Error} when the server has ended, or ends meanwhile */
  end(id: number): Promise<boolean> {
    return this.#ask({ type: 'end', id }).then((answer) => (answer as AnswerOf<'told-to-end'>).found)
  }

  #ask(question: ToSupervisor): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new Error('the server has ended'))
      this.#asked.push({ resolve, reject })
      this.send(question)
    })
  }

  #answered(answer: Answer): void {
    this.#asked.shift()?.resolve(answer)
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
          this.#answered(message)
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
    for (const { reject } of this.#asked.splice(0)) reject(new Error('the server has ended'))
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

/**
 * Forks the supervisor. Called from setImmediate.
 *
 * @param supervise runs in the child; when it returns, Node's event loop of that process takes over
 * @param room what the server needs to start
 * @returns the running supervisor in the launcher, undefined in processes that were forked
 * @throws {ForkRefused} when forking would be unsafe
 * @throws {PosixError} EMFILE, EAGAIN, …; then everything is as it was before
 * @throws {NoRoom} when there is less room than the server needs to start
 */
export function launch(
  supervise: (birth: SupervisorBirth) => void,
  signals: StopSignals,
  log: Log,
  room: Room,
): Launched | undefined {
  const launcher = getpid()
  const [ours, theirs] = controlChannel()
  const undo: (() => void)[] = [() => close(ours)]
  try {
    let pid: number
    let birth: Omit<SupervisorBirth, 'control' | 'launcher'>
    try {
      const open = quiesceToLetGo(room)
      // blocked until both sides are ready to take them: none is lost, none kills a half-made server
      const mask = blockSignals(sigset(managedSignals))
      undo.push(() => setSignalMask(mask))
      birth = { open, mask }
      becomeSubreaper()
      undo.push(resignAsSubreaper)
      pid = forkQuiesced()
    } catch (error) {
      close(theirs)
      throw error
    }
    if (pid === 0) {
      close(ours)
      closePrivateDescriptors()
      supervise({ ...birth, control: theirs, launcher })
      return undefined
    }
    close(theirs)
    undo.push(() => endUnborn(pid))
    const launched = new Launched(pid, ours, signals, log)
    setSignalMask(birth.mask)
    return launched
  } catch (error) {
    if (getpid() === launcher) for (const step of undo.reverse()) step()
    throw error
  }
}

function controlChannel(): [ours: number, theirs: number] {
  const [ours, theirs] = socketpair(SOCK_STREAM | SOCK_CLOEXEC)
  setNonBlocking(ours, true)
  setNonBlocking(theirs, true)
  return [ours, theirs]
}

/** A supervisor that nobody can watch over. */
function endUnborn(pid: number): void {
  trySignal(pid, SIGKILL)
  waitpid(pid)
}
