/** Trees of processes, and which of them are servers: what is below a supervisor carries its pid as a mark (src/supervisor/tree-mark.ts). */
import { bootMs, factsOf, type ProcessFacts, statOf } from './process.js'
import { allPids, linkOf, type Refused, readFileOf } from './read.js'

export interface Tree {
  /** The topmost process. */
  root: number
  /** Undefined when it is no server with a supervisor. */
  supervisor: number | undefined
  launcher: number | undefined
  /** All of it, a parent before its children, those in the order of their pids. */
  processes: (ProcessFacts & { depth: number })[]
}

/** Who was whose child when it was looked. */
class Kin {
  readonly #parents = new Map<number, number>()
  readonly #children = new Map<number, number[]>()
  readonly #refused: Refused

  constructor(refused: Refused) {
    this.#refused = refused
    for (const pid of allPids().sort((a, b) => a - b)) {
      const parent = statOf(pid, refused)?.parent
      if (parent === undefined) continue
      this.#parents.set(pid, parent)
      const children = this.#children.get(parent)
      if (children === undefined) this.#children.set(parent, [pid])
      else children.push(pid)
    }
  }

  get all(): number[] {
    return [...this.#parents.keys()]
  }

  parentOf = (pid: number): number | undefined => this.#parents.get(pid)
  childrenOf = (pid: number): number[] => this.#children.get(pid) ?? []

  /** The supervisor that a process is, or is below, as it knows its pid itself. */
  #markOf(pid: number): string | undefined {
    const limits = readFileOf(pid, 'limits', this.#refused) ?? ''
    return /^Max file locks\s+(\d+)/m.exec(limits)?.[1]
  }

  isSupervisor(pid: number): boolean {
    const mark = this.#markOf(pid)
    if (mark === undefined) return false
    const inner = /^NSpid:.*?(\d+)$/m.exec(readFileOf(pid, 'status', this.#refused) ?? '')?.[1] ?? String(pid)
    return mark === inner && this.#markOf(this.parentOf(pid) ?? 0) !== mark
  }
}

function treeOf(root: number, supervisor: number | undefined, kin: Kin, refused: Refused): Tree {
  const boot = bootMs()
  const processes: Tree['processes'] = []
  // a pid that was given anew while they were looked at could make a circle
  const added = new Set<number>()
  const add = (pid: number, depth: number): void => {
    if (added.has(pid)) return
    added.add(pid)
    const facts = factsOf(pid, boot, refused)
    if (facts !== undefined) processes.push({ ...facts, depth })
    for (const child of kin.childrenOf(pid)) add(child, depth + 1)
  }
  add(root, 0)
  return { root, supervisor, launcher: supervisor === undefined || supervisor === root ? undefined : root, processes }
}

/** Process 1 is the launcher in many containers, and elsewhere whoever takes in what lost its parent. */
function runsTheSame(one: number, other: number): boolean {
  const [mine, its] = [one, other].map((pid) => linkOf(pid, 'exe', new Set()))
  return mine !== undefined && mine === its
}

/** A program that has two servers is above both: each is shown with it. */
const serverOf = (supervisor: number, kin: Kin, refused: Refused): Tree => {
  const launcher = kin.parentOf(supervisor) ?? 0
  const isThere = launcher > 1 || (launcher === 1 && runsTheSame(1, supervisor))
  const tree = treeOf(isThere ? launcher : supervisor, supervisor, kin, refused)
  const others = kin.childrenOf(launcher).filter((child) => child !== supervisor && kin.isSupervisor(child))
  if (others.length === 0) return tree
  const hidden = new Set(others.flatMap((other) => treeOf(other, other, kin, refused).processes.map(({ pid }) => pid)))
  return { ...tree, processes: tree.processes.filter(({ pid }) => !hidden.has(pid)) }
}

/**
 * All servers of this machine, or the tree of one process.
 *
 * @throws {Error} when there is no such process
 */
export function findTrees(pid: number | undefined, refused: Refused): Tree[] {
  const kin = new Kin(refused)
  if (pid === undefined)
    return kin.all.filter((each) => kin.isSupervisor(each)).map((each) => serverOf(each, kin, refused))
  if (kin.parentOf(pid) === undefined) throw new Error(`ps: there is no process ${pid}`)
  if (kin.isSupervisor(pid)) return [serverOf(pid, kin, refused)]
  const supervisors = kin.childrenOf(pid).filter((child) => kin.isSupervisor(child))
  if (supervisors.length > 0) return supervisors.map((each) => serverOf(each, kin, refused))
  return [treeOf(pid, undefined, kin, refused)]
}
