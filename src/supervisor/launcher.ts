/**
 * The launcher: the process that the shell, systemd or a container started. Forks the supervisor once, passes signals
 * on, and reports how it ended. Its own event loop stays Node's.
 */

import { forkQuiesced, quiesceToLetGo } from '../fork/fork.js'
import type { OpenObjects } from '../fork/open-objects.js'
import { closePrivate, closePrivateDescriptors, keepPrivate } from '../fork/private-descriptors.js'
import type { Room } from '../fork/room.js'
import { SIGKILL, SOCK_CLOEXEC, SOCK_STREAM, WNOHANG } from '../libc/constants.js'
import { close, setNonBlocking } from '../libc/fd.js'
import { getpid, kill, setChildSubreaper, waitpid } from '../libc/process.js'
import { blockSignals, type SigSet, setSignalMask, sigset } from '../libc/signal.js'
import { socketpair } from '../libc/socket.js'
import { NodeReactor } from '../reactor/node-reactor.js'
import { READABLE, type Watch } from '../reactor/reactor.js'
import { type FromSupervisor, LineReader, type Stats, sendLine, type ToSupervisor } from './channel.js'
import { whenEnded } from './end-of-process.js'
import { describeExit } from './exit-status.js'
import { reapGroup } from './reaper.js'
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

/** How long a supervisor that was told to stop may be silent; its loop never waits for anything else. */
const SILENT_MS = 5000

/** A supervisor that is running, seen from its launcher. */
export class Launched {
  readonly #supervisor: number
  readonly #control: number
  readonly #reactor = new NodeReactor()
  readonly #channel: Watch
  readonly #stopLooking: () => void
  readonly #lines: LineReader<FromSupervisor>
  readonly #waitingForStats: { resolve(stats: Stats): void; reject(error: Error): void }[] = []
  #ended = false
  readonly #signals: StopSignals
  #watchdog: NodeJS.Timeout | undefined
  #killed = false
  #settleReady: { resolve(): void; reject(error: Error): void } | undefined
  #resolveExit: (exit: ServerExit) => void = () => {}
  /** Fulfilled when the supervisor has ended and nothing of its tree is left. */
  readonly exited: Promise<ServerExit>
  readonly ready: Promise<void>

  constructor(supervisor: number, control: number, signals: StopSignals) {
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
    signals.passTo({ signal: (name) => this.#forward(name), kill: () => this.#kill() })
    keepPrivate(control)
    this.#channel = this.#reactor.watch(control, READABLE, () => this.#hear())
    this.#stopLooking = whenEnded(supervisor, this.#reactor, () => this.#end())
  }

  get pid(): number {
    return this.#supervisor
  }

  #forward(name: NodeJS.Signals): void {
    const managed = serverSignals.find((signal) => signal.name === name)
    if (managed === undefined || this.#ended) return
    kill(this.#supervisor, managed.number)
    if (managed.stops) this.#watchdog ??= this.#watchStopping()
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
    this.#killed = true
    if (!this.#ended) kill(this.#supervisor, SIGKILL)
  }

  /** Asks for the counters. @throws {Error} when the server has ended, or ends meanwhile */
  stats(): Promise<Stats> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new Error('the server has ended'))
      this.#waitingForStats.push({ resolve, reject })
      this.send({ type: 'stats' })
    })
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
          this.#waitingForStats.shift()?.resolve(message.stats)
          break
      }
    if (this.#lines.ended) this.#channel.stop()
  }

  #end(): void {
    const waited = waitpid(this.#supervisor, WNOHANG)
    if (waited === undefined) return
    this.#hear()
    this.#ended = true
    for (const { reject } of this.#waitingForStats.splice(0)) reject(new Error('the server has ended'))
    this.#stopLooking()
    this.#reactor.close()
    closePrivate(this.#control)
    clearInterval(this.#watchdog)
    // of a supervisor that was killed: its group dies with it, and its orphans came to us
    kill(-this.#supervisor, SIGKILL)
    const reapTree = (): void => {
      reapGroup(this.#supervisor)
      if (kill(-this.#supervisor, 0)) setTimeout(reapTree, 5)
      else this.#report(waited.status)
    }
    reapTree()
  }

  #report(status: number): void {
    const words = describeExit(status)
    const died = (status & 0x7f) === 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    const code = this.#killed ? 0 : died
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
 * @throws {NoRoom} when there is less room than the server needs to start
 */
export function launch(
  supervise: (birth: SupervisorBirth) => void,
  signals: StopSignals,
  room: Room,
): Launched | undefined {
  const launcher = getpid()
  const open = quiesceToLetGo(room)
  // blocked until both sides are ready to take them: none is lost, none kills a half-made server
  const mask = blockSignals(sigset(managedSignals))
  setChildSubreaper()
  const [ours, theirs] = socketpair(SOCK_STREAM | SOCK_CLOEXEC)
  setNonBlocking(ours, true)
  setNonBlocking(theirs, true)
  let pid: number
  try {
    pid = forkQuiesced()
  } catch (error) {
    close(ours)
    close(theirs)
    setSignalMask(mask)
    throw error
  }
  if (pid === 0) {
    close(ours)
    closePrivateDescriptors()
    supervise({ control: theirs, launcher, open, mask })
    return undefined
  }
  close(theirs)
  const launched = new Launched(pid, ours, signals)
  setSignalMask(mask)
  return launched
}
