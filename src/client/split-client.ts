/** The split client as a whole: connects, talks, and tries again where it may. Says on standard error what went wrong. */
import { setTimeout as delay } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { complain } from '../engine/output/complain.js'
import { PosixError } from '../libc/posix-error.js'
import { BackOff } from '../supervisor/back-off.js'
import { EXIT } from '../supervisor/exit-status.js'
import { converse, type Outcome } from './converse.js'
import { type Dialled, dial } from './dial.js'
import type { Format } from './display.js'
import { mayPass, reasonOf } from './failure-text.js'
import { type Destination, formatDestination } from './target.js'

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 10_000

export class SplitClient {
  readonly #destination: Destination
  readonly #name: string
  readonly #timeoutMs: number
  /** How often in a row it may try again without having received anything. */
  readonly #attempts: number
  readonly #format: Format
  readonly #atTerminal = isatty(0)
  readonly #backOff = new BackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS)
  #failures = 0

  constructor(destination: Destination, timeoutMs: number, attempts: number, format: Format) {
    this.#destination = destination
    this.#name = formatDestination(destination)
    this.#timeoutMs = timeoutMs
    this.#attempts = attempts
    this.#format = format
  }

  /**
   * Talks until the end. Returns the exit status: 0 all well, 1 the connection was lost, 111 there was none or input failed.
   *
   * @throws {ForkRefused} when forking would be unsafe, {OutputFailed} when standard output cannot be written
   */
  async run(): Promise<number> {
    for (;;) {
      const status = await this.#once()
      if (status !== undefined) return status
      const waitMs = this.#backOff.failed()
      complain(`tined: ${this.#name}: trying again in ${waitMs} ms (${this.#failures} of ${this.#attempts})`)
      await delay(waitMs)
    }
  }

  /** Connects and talks. Returns the exit status, or undefined to try again. */
  async #once(): Promise<number | undefined> {
    let dialled: Dialled
    try {
      dialled = await dial(this.#destination, { timeoutMs: this.#timeoutMs, signal: undefined })
    } catch (error) {
      if (!(error instanceof PosixError)) throw error
      const again = mayPass(error) && this.#mayTryAgain()
      complain(`tined: ${again ? '' : 'fatal: '}${this.#name}: ${reasonOf(error)}`)
      return again ? undefined : EXIT.system
    }
    if (this.#atTerminal) complain(`tined: connected to ${this.#name}; Ctrl-D ends your side, Ctrl-C leaves`)
    const again = this.#attempts > 0
    const options = { format: this.#format, endsWithServer: this.#atTerminal || again, keepsInput: again }
    return this.#conclude(await converse(dialled, options))
  }

  #conclude({ how, error, inputEnded, bytesReceived }: Outcome): number | undefined {
    if (bytesReceived > 0) {
      this.#failures = 0
      this.#backOff.succeeded()
    }
    if (how === 'done' || how === 'unread') return EXIT.ok
    if (how === 'failed') return EXIT.system
    // once all input was sent there is nothing left to say to another connection
    const again = !inputEnded && (error === undefined || mayPass(error)) && this.#mayTryAgain()
    // to be left by the server is an end as good as any, but not for whoever asked to be brought back
    const fine = how === 'closed' && this.#attempts === 0
    const reason = error === undefined ? 'closed by the server' : reasonOf(error)
    complain(`tined: ${again || fine ? '' : 'fatal: '}${this.#name}: ${reason}`)
    if (again) return undefined
    return fine ? EXIT.ok : EXIT.failed
  }

  /** Counts an attempt; reports whether there may be another one. */
  #mayTryAgain(): boolean {
    return this.#failures < this.#attempts && ++this.#failures > 0
  }
}
