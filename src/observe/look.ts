/** One look at the servers of this machine, or at one tree. Everything is a read. */
import { type Board, readBoard } from './board.js'
import type { Refused } from './read.js'
import { joined, type ServerView } from './server-view.js'
import { findTrees } from './trees.js'

/** @throws {Error} when a process was named and is not there */
export function look(pid: number | undefined): ServerView[] {
  const first = findTrees(pid, new Set())
  const boards = first.map(({ supervisor }): Board | string | undefined =>
    supervisor === undefined ? undefined : readBoard(supervisor, new Set()),
  )
  const before = new Map(first.map(({ supervisor }, place) => [supervisor, boards[place]]))
  const refused: Refused = new Set()
  return findTrees(pid, refused).map((tree) => {
    const inTree = new Set(tree.processes.map((process) => process.pid))
    const own: Refused = new Set([...refused].filter((each) => inTree.has(each)))
    return joined(tree, before.get(tree.supervisor), own)
  })
}
