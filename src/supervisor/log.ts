/** The log of a server: pino, written synchronously, because a process may end by `_exit` right after. */
import { writeSync } from 'node:fs'
import pino from 'pino'
import { prettyFactory } from 'pino-pretty'

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export const LOG_FORMATS = ['pretty', 'json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

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

/** Makes a log on standard error. */
export function createLog(level: LogLevel, format: LogFormat): Log {
  const pretty = prettyFactory({
    colorize: process.stderr.isTTY === true,
    ignore: 'pid',
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
  })
  const write = (line: string): void => {
    try {
      writeSync(2, format === 'json' ? line : (pretty(line) as string))
    } catch {
      // a log that nobody takes (a closed pipe, a full disk) must not stop the server
    }
  }
  const log = pino({ level, base: null, mixin: () => ({ pid: process.pid }) }, { write })
  return Object.assign(log, { debugs: level === 'debug' })
}
