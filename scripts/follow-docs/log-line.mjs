/** A line of a server's log as a terminal shows it: here it goes into a pipe, and servers log JSON there (src/supervisor/pretty-lines.ts). */

const LEVELS = { 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR' }

const two = (number) => String(number).padStart(2, '0')

/** `2026-01-31 12:00:00.123`, local. */
function localTime(at) {
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
  return `${date} ${time}.${String(at.getMilliseconds()).padStart(3, '0')}`
}

/** Any other line as it is. */
export function onTerminal(line) {
  if (!line.startsWith('{"level":')) return line
  const { level, time, pid: _pid, msg, ...fields } = JSON.parse(line)
  const shown = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : ''
  return `[${localTime(new Date(time))}] ${LEVELS[level]}: ${msg}${shown}`
}
