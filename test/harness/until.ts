/** Waiting for a condition, with a deadline: the only kind of waiting that tests do. */
import { setTimeout as delay } from 'node:timers/promises'

const EVERY_MS = 5

/**
 * Polls until `look` returns something other than false, undefined or null, and returns that.
 *
 * @throws {Error} at the deadline, saying what was waited for
 */
export async function until<Found>(
  what: string,
  look: () => Found | false | undefined | null | Promise<Found | false | undefined | null>,
  deadlineMs = 5000,
): Promise<Found> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const found = await look()
    if (found !== false && found !== undefined && found !== null) return found
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await delay(EVERY_MS)
  }
}
