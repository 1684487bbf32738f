/**
 * A tree that is looked at again and again. A process whose parent ends is another's child from then on, init's or a subreaper's, and would
 * leave the tree of the program that it is of.
 */
import { look } from './look.js'
import type { ProcessView, ServerView } from './server-view.js'

/** The start is found from the clock and from how long the machine is up, of which the kernel tells hundredths of seconds. */
const EXACT_TO_MS = 1000

export class FollowedTree {
  readonly #look: () => ServerView[]
  /** Of the last look: when each had started, because a pid is given again. */
  #seen = new Map<number, number>()

  /** @param lookAtTree finds the tree, which is the first of what it returns */
  constructor(lookAtTree: () => ServerView[]) {
    this.#look = lookAtTree
  }

  /** The tree as it is, and whom others have adopted. @throws {Error} when its root is not there */
  look(): ServerView[] {
    const views = this.#look()
    const [tree] = views
    if (tree === undefined) return views
    const there = new Set(tree.processes.map(({ pid }) => pid))
    for (const [pid, startedMs] of this.#seen)
      for (const process of there.has(pid) ? [] : adopted(pid, startedMs)) {
        if (there.has(process.pid)) continue
        there.add(process.pid)
        tree.processes.push(process)
      }
    this.#seen = new Map(tree.processes.map(({ pid, startedMs }) => [pid, startedMs]))
    return views
  }
}

/** It and what is below it; none once it has ended. */
function adopted(pid: number, startedMs: number): ProcessView[] {
  try {
    const processes = look(pid, []).flatMap((view) => view.processes)
    const isSame = Math.abs((processes[0]?.startedMs ?? 0) - startedMs) < EXACT_TO_MS
    return isSame ? processes : []
  } catch {
    return []
  }
}
