/** All objects of a kind that live in this heap, as a debugger would find them: in-process, without a port or a thread. */
import { OwnSession } from './internals.js'

/**
 * Every object with `prototype` among its prototypes, referenced by the program or not. Collects garbage first, and walks the heap:
 * some 20 to 40 ms.
 *
 * @throws {Error} when this Node has no inspector
 */
export function instancesOf(prototype: object): object[] {
  const session = new OwnSession()
  try {
    return [...session.instancesOf(prototype)] as object[]
  } finally {
    session.close()
  }
}
