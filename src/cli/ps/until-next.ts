/** When `tined ps --watch` looks again. */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

/** Fulfilled after a while, or as soon as the terminal has another size. */
export async function untilNext(everyMs: number): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  const waits = [delay(everyMs, undefined, { signal }), once(process.stdout, 'resize', { signal })]
  await Promise.race(waits)
  over.abort()
  await Promise.allSettled(waits)
}
