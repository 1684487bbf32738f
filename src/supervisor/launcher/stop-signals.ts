/**
 * The signals of the process that serves: from the call of `serve` until its server has ended they are the server's. Afterwards what
 * Node would have done happens: the process ends, unless the program listens itself.
 */
import { closeSync, openSync } from 'node:fs'
import { _exit } from '../../libc/process.js'
import { EXIT } from '../exit-status.js'
import { serverSignals } from '../signals.js'
import { giveSignalsBack } from './give-signals-back.js'

/** Who acts on them. */
export interface SignalReceiver {
  /** False when there is no server any more. */
  signal(name: NodeJS.Signals): boolean
  /** Takes everything along at once, with SIGKILL. */
  kill(): void
}

/** So often Ctrl-C is pressed by somebody who does not want to wait any longer. */
const ENOUGH = 3
/** For a program that awaits the end of its server: closing a database client, say. */
const GRACE_MS = 5000
/** npm passes on to its child what the terminal has sent to both. */
const SAME_MS = 500

/** Those that have not ended: a program may serve more than once. */
const serving = new Set<StopSignals>()
/** Listeners of ours, and not the program's. */
const ours = new WeakSet<object>()

/** Why the terminal of this process cannot be opened; undefined when it can. tty_ioctl(4) */
function whyNoTerminal(): string | undefined {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

const programListens = (name: NodeJS.Signals): boolean =>
  process.listeners(name).some((listener) => !ours.has(listener))

/** A process without a terminal from the start has none later either, and is told by its parent. */
const hadTerminal = whyNoTerminal() === undefined

/** The terminal that this process was started from is closed: SIGHUP came for that. */
const terminalGone = (): boolean => hadTerminal && whyNoTerminal() === 'ENXIO'

export class StopSignals {
  /** The first that told the server to stop. */
  told: NodeJS.Signals | undefined
  /** Whether the program waits for the end of the server, and so may still have something to do then. */
  awaited = false
  #interrupts = 0
  #lastMs = 0
  /** Those that told it to stop and that the program did not listen for then: after `once` it does not any more. */
  readonly #unheard = new Set<NodeJS.Signals>()
  #isOver = false
  /** Came when the server had ended, and nobody else has heard it. */
  #late: NodeJS.Signals | undefined
  #hungUp = false
  #receiver: SignalReceiver | undefined
  readonly #listen = (name: NodeJS.Signals): void => this.#take(name)

  /** @param listening false for a program that passes signals on itself */
  constructor(listening: boolean) {
    if (!listening) return
    serving.add(this)
    ours.add(this.#listen)
    // before the program's own: one that it listens for once is still there then
    for (const { name } of serverSignals) process.prependListener(name, this.#listen)
  }

  /** Whom to pass them to from now on. */
  passTo(receiver: SignalReceiver): void {
    this.#receiver = receiver
  }

  #take(received: NodeJS.Signals): void {
    if (this.#isOver) {
      this.#takeLate(received)
      return
    }
    this.#hungUp ||= received === 'SIGHUP' && terminalGone()
    const name = this.#hungUp ? 'SIGINT' : received
    if (name !== 'SIGHUP') {
      this.told ??= received
      if (!programListens(received)) this.#unheard.add(received)
    }
    this.#lastMs = performance.now()
    if (name === 'SIGINT') this.#interrupts++
    if (this.#interrupts >= ENOUGH) this.#receiver?.kill()
    else if (this.#receiver?.signal(name) === false) this.#takeLate(received)
  }

  #takeLate(received: NodeJS.Signals): void {
    if (process.listenerCount(received) === 1) this.#late ??= received
  }

  /**
   * The server has ended, or never started.
   *
   * @param code 0 when it ended as it was told
   * @returns true when the process is about to end
   */
  ended(code: number): boolean {
    serving.delete(this)
    this.#isOver = true
    if ([...this.#unheard].every(programListens) || serving.size > 0) {
      giveSignalsBack(serverSignals, this.#listen, () => this.#sendLate())
      return false
    }
    // first: without any listener the signal would have its default action for a moment
    this.#endOnce(code)
    for (const { name } of serverSignals) process.off(name, this.#listen)
    // Node itself aborts at the end of a process whose terminal is gone: it cannot reset it
    if (this.#hungUp) process.on('exit', (status) => _exit(status & 0xff))
    // not at once: whoever awaits the end hears of it first
    if (!this.awaited || this.#interrupts >= ENOUGH) setTimeout(endProcess, 0, code)
    // unreferenced: a process that has nothing left to do ends by itself
    else setTimeout(endProcess, GRACE_MS, code).unref()
    return true
  }

  /** To whoever listens by now, or to be what ends the process. */
  #sendLate(): void {
    if (this.#late !== undefined) process.kill(process.pid, this.#late)
  }

  /** The signal that has told the server may come again, and shall not kill a process that ends as it was told. */
  #endOnce(code: number): void {
    const again = (): void => {
      const another = performance.now() - this.#lastMs > SAME_MS
      if (this.awaited && another) endProcess(code)
    }
    for (const { name, stops } of serverSignals) if (stops) process.on(name, again)
  }
}

function endProcess(code: number): never {
  return process.exit(process.exitCode ?? (code === 0 ? EXIT.ok : EXIT.system))
}
