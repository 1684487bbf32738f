/** `tined connect`: the notes' split client. */

import { setTimeout as delay } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { type Command, Option } from 'commander'
import { converse, type Outcome } from '../client/converse.js'
import { type Dialled, dial } from '../client/dial.js'
import type { Format } from '../client/display.js'
import { type Destination, formatDestination, parseTarget } from '../client/target.js'
import { mayPass, reasonOf } from '../client/words.js'
import { PosixError } from '../posix/posix-error.js'
import { openTitle, setTitle } from '../posix/title.js'
import { BackOff } from '../process/back-off.js'
import { complain } from '../process/ending.js'
import { EXIT } from '../process/exit-words.js'
import { executeWithFlags, fallbackReason } from '../process/way.js'
import { fail } from './run-server.js'
import { count, duration } from './server-options.js'

interface ConnectFlags {
  timeout: string
  reconnect?: true
  attempts: string
  lines?: true
  hex?: true
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 10_000

const EXIT_TEXT = `
Exit status:
  0    all input was sent, and all that the server sent was written
  1    the connection was lost before that
  100  misuse
  111  the system refused: no connection, or standard input or output failed
  Ctrl-C ends it by SIGINT, which a shell reports as 130.`

async function connect(address: string, flags: ConnectFlags): Promise<void> {
  try {
    const destination = parseTarget(address)
    const timeoutMs = duration('--timeout', flags.timeout)
    const attempts = count('--attempts', flags.attempts)
    // before anything is read: Node starts again from its first line
    if (fallbackReason() !== undefined) executeWithFlags([])
    openTitle()
    setTitle(`tined: connect ${formatDestination(destination)}`)
    const format = flags.hex ? 'hex' : flags.lines ? 'lines' : 'raw'
    process.exitCode = await new Client(destination, timeoutMs, flags.reconnect ? attempts : 0, format).run()
  } catch (error) {
    fail(error)
  }
}

class Client {
  readonly #destination: Destination
  readonly #name: string
  readonly #timeoutMs: number
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

  /** Returns the exit status. */
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
    const again = !inputEnded && this.#mayTryAgain()
    const reason = error === undefined ? 'closed by the server' : reasonOf(error)
    complain(`tined: ${again || how === 'closed' ? '' : 'fatal: '}${this.#name}: ${reason}`)
    if (again) return undefined
    return how === 'closed' ? EXIT.ok : EXIT.failed
  }

  /** Counts an attempt; reports whether there may be another one. */
  #mayTryAgain(): boolean {
    return this.#failures < this.#attempts && ++this.#failures > 0
  }
}

export function addConnect(program: Command): void {
  program
    .command('connect')
    .description('talk to a server: one process reads, one writes')
    .argument('<address>', 'HOST:PORT, [IPv6]:PORT, PORT or unix:PATH')
    .option('--timeout <time>', 'to connect; 0 for as long as the kernel tries', '10s')
    .option('--reconnect', 'try again when it fails, or ends before your input')
    .option('--attempts <count>', 'of --reconnect, in a row that bring nothing', '10')
    .addOption(new Option('--lines', 'send each line by itself, and show whole lines only').conflicts('hex'))
    .option('--hex', 'show what comes as a hex dump')
    .addHelpText('after', EXIT_TEXT)
    .action(connect)
}
