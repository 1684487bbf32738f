/** The descriptors of one process, from the ledger of its tree. */
import { ledgerOf } from '../observe/ledger.js'
import type { ProcessView, ServerView } from '../observe/server-view.js'
import { socketsSeenBy } from '../observe/sockets.js'
import type { ProcessDetails } from './shapes.js'

/** A ledger compares every process with every other: of larger trees not all are taken. */
const MOST_PROCESSES = 100

const serves = ({ role }: ProcessView): boolean => role === 'connection' || role === 'prefork'

/** Undefined when the tree has no such process any more. */
export function detailsOf(view: ServerView, pid: number): ProcessDetails | undefined {
  const isPartial = view.processes.length > MOST_PROCESSES
  const processes = isPartial
    ? view.processes
        .filter((process) => process.pid === pid || process.parent === pid || !serves(process))
        .slice(0, MOST_PROCESSES)
    : view.processes
  const wanted = processes.some((process) => process.pid === pid)
    ? processes
    : [...processes, ...view.processes.filter((process) => process.pid === pid)]
  // the connection that is asked for may be younger than the table of the last look
  const sockets = socketsSeenBy(view.supervisor ?? view.root, view.refused)
  const entries = ledgerOf({ ...view, processes: wanted, sockets }).get(pid)
  if (entries === undefined) return undefined
  const descriptors = entries.map(({ fd, what, access, alsoHeldBy, otherEndHeldBy }) => ({
    ...{ fd, what, access, alsoHeldBy, otherEndHeldBy },
  }))
  return { pid, descriptors, isPartial }
}
