/** All objects of a kind that live in this heap, as a debugger would find them: in-process, without a port or a thread. */
import { OwnSession } from './internals.js'

/**
 * Every object with `prototype` among its prototypes, referenced by the program or not, but for the prototypes of its classes. Collects
 * garbage first, and walks the heap: some 60 ms.
 *
 * @throws {Error} when this Node has no inspector
 */
export function instancesOf<Kind extends object>(prototype: Kind): Kind[] {
  const session = new OwnSession()
  try {
    const found = session.instancesOf(prototype) as Kind[]
    return found.filter((object) => !Object.hasOwn(object, 'constructor'))
  } finally {
    session.close()
  }
}
