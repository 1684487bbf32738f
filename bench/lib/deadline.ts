import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again every few milliseconds until there is an answer, and throws once the time is up. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`${what} took more than ${timeoutMs / 1000} s`)
    await sleep(10)
  }
}
