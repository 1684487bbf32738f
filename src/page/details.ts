/** The descriptors of one process, from the ledger of its tree. */
import { ledgerOf } from '../observe/ledger.js'
import type { ServerView } from '../observe/server-view.js'
import { socketsSeenBy } from '../observe/sockets.js'
import { comparedOf } from './compared.js'
import { sandboxOf } from './sandbox.js'
import type { ProcessDetails } from './shapes.js'

/** Undefined when the tree has no such process any more. */
export function detailsOf(view: ServerView, pid: number): ProcessDetails | undefined {
  const wanted = comparedOf(view, pid)
  const isPartial = wanted.length < view.processes.length
  // the connection that is asked for may be younger than the table of the last look
  const sockets = socketsSeenBy(view.supervisor ?? view.root, view.refused)
  const entries = ledgerOf({ ...view, processes: wanted, sockets }).get(pid)
  if (entries === undefined) return undefined
  const descriptors = entries.map(({ fd, what, access, alsoHeldBy, otherEndHeldBy }) => ({
    ...{ fd, what, access, alsoHeldBy, otherEndHeldBy },
  }))
  return { pid, descriptors, isPartial, ...sandboxOf(pid, view.refused) }
}
