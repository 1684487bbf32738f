/** A time as `--since` takes it. */
import { duration } from '../server/options/numbers.js'

/**
 * Reads `2026-01-31`, `2026-01-31T12:00:00Z`, or how long ago: `10m`.
 *
 * @throws {TypeError} anything else
 */
export function readTime(name: string, text: string | undefined, now = Date.now()): Date | undefined {
  if (text === undefined) return undefined
  const at = /^\d{4}-/.test(text) ? new Date(text) : new Date(now - duration().read(name, text))
  if (Number.isNaN(at.getTime()))
    throw new TypeError(`${name}: expected a time like 2026-01-31T12:00:00Z or 10m, got ${JSON.stringify(text)}`)
  return at
}
