/** What somebody who wrote a name that does not exist may have meant. */
import { closestMatch } from 'leven'

/** Undefined when no name is near: at most two letters differ, or a quarter of them, and never more than half. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const maxDistance = Math.min(Math.floor(name.length / 2), Math.max(2, Math.floor(name.length / 4)))
  return closestMatch(name, names, { maxDistance })
}
