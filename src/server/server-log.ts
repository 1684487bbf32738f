/** The log of a server: in which format, and the line of a connection's end. */
import type { ConnectionEnd } from '../supervisor/channel.js'
import { journalLine } from '../supervisor/journal-lines.js'
import { createLog, type FormatLine, type Log } from '../supervisor/log.js'
import { LogFile } from '../supervisor/log-file.js'
import { formatFor } from '../supervisor/log-format.js'
import type { ServerOptions } from './options.js'

/** A promise only where a package is loaded for it: who waits for nothing takes the server's signals at once. */
export function lineFormat({ log, logFile }: ServerOptions): FormatLine | undefined | Promise<FormatLine> {
  const format = formatFor(log, logFile !== undefined)
  if (format === 'journal') return journalLine
  return format === 'json'
    ? undefined
    : import('../supervisor/pretty-lines.js').then(({ prettyLines }) => prettyLines())
}

/** @throws {PosixError} the file cannot be opened */
export function serverLog({ logLevel, logFile }: ServerOptions, format: FormatLine | undefined): Log {
  if (logFile === undefined) return createLog(logLevel, format)
  const file = new LogFile(logFile)
  return createLog(logLevel, format, (line) => file.write(line))
}

type Tell = (connection: ConnectionEnd) => void

/** Logs a connection's end, and tells whoever else wants to know. */
export const logEnds =
  (log: Log, tell: Tell | undefined): Tell =>
  (connection) => {
    const { id, peer, pid: child, ms, bytesRead, bytesWritten, messages, words } = connection
    log.info({ id, peer, child, ms, bytesRead, bytesWritten, messages }, `connection ended: ${words}`)
    tell?.(connection)
  }
