/** Log lines as journald and syslog take them from standard error: a priority, the sentence, the fields. sd-daemon(3) */
import type { FormatLine } from './log.js'

/** Of pino's levels: LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG. syslog(3) */
const PRIORITIES: Record<number, number> = { 50: 3, 40: 4, 30: 6, 20: 7 }

/** Each line is an entry of its own there. Time and process are left out: the journal knows them better. */
export const journalLine: FormatLine = (line) => {
  const { level, time: _time, pid: _pid, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const prefix = `<${PRIORITIES[level as number] ?? 6}>`
  const shown = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`
  return `${prefix}${String(msg).replaceAll('\n', `\n${prefix}`)}${shown}\n`
}
