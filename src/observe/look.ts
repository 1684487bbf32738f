/** One look at the servers of this machine, or at one tree. Everything is a read. */
import { type Board, readBoard } from './board.js'
import type { Refused } from './read.js'
import { joined, type ServerView } from './server-view.js'
import { socketsSeenBy } from './sockets.js'
import { findTrees } from './trees.js'

/**
 * @param known supervisors that an earlier look has found, which saves to search for them; of others it is not said what their
 *   scoreboards have that the kernel has not
 * @param socketsOf for who has read them already
 * @throws {Error} when a process was named and is not there
 */
export function look(
  pid: number | undefined,
  known?: readonly number[],
  socketsOf: typeof socketsSeenBy = socketsSeenBy,
): ServerView[] {
  const supervisors = known ?? findTrees(pid, new Set()).flatMap(({ supervisor }) => supervisor ?? [])
  const before = new Map(
    supervisors.map((supervisor): [number | undefined, Board | string] => [
      supervisor,
      readBoard(supervisor, new Set()),
    ]),
  )
  const refused: Refused = new Set()
  return findTrees(pid, refused).map((tree) => {
    const inTree = new Set(tree.processes.map((process) => process.pid))
    const own: Refused = new Set([...refused].filter((each) => inTree.has(each)))
    return joined(tree, before.get(tree.supervisor), own, socketsOf)
  })
}
