/** TLS sockets whose connection is closed, and whose last record is still to leave. A process does not end before. */
import type { Duplex } from 'node:stream'

export const leaving = new Set<Duplex>()

/** Calls `act` once all have left; at once where there is none. */
export function afterLeaving(act: () => void): void {
  const [first] = leaving
  if (first === undefined) act()
  else first.once('close', () => afterLeaving(act))
}
