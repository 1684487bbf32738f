/** What went wrong, in words that a log or a terminal may show: a client may have had its hand in them. */
import { inspect } from '../../libc/node-util.js'
import { printable } from '../../libc/printable.js'

/** More in a chain of causes is not looked through. */
const DEEPEST = 8

/** The messages of an error and of those behind it. */
function messagesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > DEEPEST) return []
  const others: unknown[] = [error.cause, ...((error as AggregateError).errors ?? [])]
  return [error.message, ...others.flatMap((other) => messagesOf(other, depth + 1))]
}

/**
 * An error with its stack. What is in its message is escaped, line breaks too, and each further line is indented: none can pass for a
 * line of the log.
 */
export function describe(error: unknown): string {
  let text = inspect(error)
  for (const message of messagesOf(error)) {
    const escaped = printable(message)
    if (escaped !== message) text = text.replaceAll(message, escaped)
  }
  return text
    .split('\n')
    .map((line, index) => (index === 0 || line.startsWith('    ') ? line : `    ${line}`))
    .map(printable)
    .join('\n')
}
