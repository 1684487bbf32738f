/** The log of a server: in which format, and the line of a connection's end. */
import type { ConnectionEnd } from '../supervisor/channel.js'
import { journalLine } from '../supervisor/journal-lines.js'
import type { FormatLine, Log } from '../supervisor/log.js'
import { formatFor, type LogFormat } from '../supervisor/log-format.js'

/** A promise only where a package is loaded for it: who waits for nothing takes the server's signals at once. */
export function lineFormat(asked: LogFormat): FormatLine | undefined | Promise<FormatLine> {
  const format = formatFor(asked)
  if (format === 'journal') return journalLine
  return format === 'json'
    ? undefined
    : import('../supervisor/pretty-lines.js').then(({ prettyLines }) => prettyLines())
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
