/** The log of a server: pino, written synchronously, because a process may end by `_exit` right after. */
import { writeOutput } from '../engine/output/write.js'
import { printable, printableLines } from '../libc/printable.js'
import pino, { type LogFn, type Logger } from './pino.js'

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Fields first, then a sentence. */
export type LogLine = (fields: Record<string, unknown>, message: string) => void

export interface Log {
  error: LogLine
  warn: LogLine
  info: LogLine
  debug: LogLine
  /** Whether debug lines are written; making one for nothing costs each connection. */
  readonly debugs: boolean
}

/** Whatever of a client gets into the log, by whatever way, forges no line and moves no cursor. */
function escapeAndLog(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [fields, message] = args as unknown as [Record<string, unknown>, string]
  const escaped = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? printable(value) : value,
  ])
  method.call(this, Object.fromEntries(escaped), printableLines(message))
}

/** Makes of a line of JSON what is written. */
export type FormatLine = (line: string) => string

const toStandardError = (line: Uint8Array): void => writeOutput(2, line)

/** A log that nobody takes (a closed pipe, a full disk) must not stop the server: it counts, and says so when it is taken again. */
class Lines {
  readonly #format: FormatLine
  readonly #write: (line: Uint8Array) => void
  #lost = 0

  constructor(format: FormatLine, write: (line: Uint8Array) => void) {
    this.#format = format
    this.#write = write
  }

  write(line: string): void {
    try {
      if (this.#lost > 0) this.#sayLost()
      this.#write(Buffer.from(this.#format(line)))
    } catch {
      this.#lost++
    }
  }

  #sayLost(): void {
    const lines = this.#lost === 1 ? '1 line' : `${this.#lost} lines`
    const said = { level: 40, time: Date.now(), pid: process.pid, msg: `${lines} of the log could not be written` }
    this.#write(Buffer.from(this.#format(`${JSON.stringify(said)}\n`)))
    this.#lost = 0
  }
}

/** Makes a log: on standard error, of lines of JSON, unless something else is given. */
export function createLog(level: LogLevel, format: FormatLine = String, write = toStandardError): Log {
  const log = pino(
    { level, base: null, mixin: () => ({ pid: process.pid }), hooks: { logMethod: escapeAndLog } },
    new Lines(format, write),
  )
  return Object.assign(log, { debugs: level === 'debug' })
}
