/** The reactor of this process, for what belongs to no connection. */
import type { Reactor } from './reactor.js'

let present: Reactor | undefined

/** Called by whoever serves: the latest counts. */
export function setPresentReactor(reactor: Reactor): void {
  present = reactor
}

/** @throws {Error} where nobody serves */
export function presentReactor(): Reactor {
  if (present === undefined) throw new Error('no connection is served in this process')
  return present
}
