/** What suits whoever takes standard error. */
import { fstatSync } from 'node:fs'
import { isatty } from 'node:tty'

export const LOG_FORMATS = ['auto', 'pretty', 'json', 'journal'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

/** Whether standard error is the journal's socket: systemd names it by device and inode. systemd.exec(5), JOURNAL_STREAM */
function isJournal(stream = process.env['JOURNAL_STREAM']): boolean {
  if (stream === undefined) return false
  const { dev, ino } = fstatSync(2, { bigint: true })
  return stream === `${dev}:${ino}`
}

/** For people on a terminal, with priorities for the journal, otherwise a JSON object on each line. @param inFile and not on standard error */
export function formatFor(asked: LogFormat, inFile = false): Exclude<LogFormat, 'auto'> {
  if (asked !== 'auto') return asked
  if (inFile) return 'json'
  if (isatty(2)) return 'pretty'
  return isJournal() ? 'journal' : 'json'
}
