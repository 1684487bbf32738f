/** Pipes between the processes of a tree, and how much waits in each. pipe(7) */
import { pipeFill } from '../libc/pipe-fill.js'
import type { Ledger } from '../observe/ledger.js'
import { inodeOf } from '../observe/sockets.js'
import type { PipeShot } from './shapes.js'

/** Of so many the fill is read at each look. */
const MOST_READ = 64
/** And so many are shown: those with most in them. */
const MOST_SHOWN = 16

export interface Pipe {
  inode: number
  /** A read end: whose, and which descriptor. */
  pid: number
  fd: number
  readers: number[]
  writers: number[]
}

/** Those that lead from one process to another. @param keepers who hold ends for others: named last */
export function pipesIn(ledger: Ledger, keepers: readonly (number | undefined)[]): Pipe[] {
  const pipes = new Map<number, Pipe>()
  for (const [pid, entries] of ledger)
    for (const { fd, kind, target, access, otherEndHeldBy, alsoHeldBy } of entries) {
      const inode = inodeOf(target)
      if (kind !== 'pipe' || inode === undefined || access !== 'read' || pipes.has(inode)) continue
      const readers = [pid, ...alsoHeldBy]
      const writers = otherEndHeldBy ?? []
      if (writers.some((writer) => readers.some((reader) => reader !== writer)))
        pipes.set(inode, { inode, pid, fd, readers, writers })
    }
  const inOrder = (pids: readonly number[]): number[] => [
    ...pids.filter((pid) => !keepers.includes(pid)),
    ...pids.filter((pid) => keepers.includes(pid)),
  ]
  return [...pipes.values()]
    .slice(0, MOST_READ)
    .map((pipe) => ({ ...pipe, readers: inOrder(pipe.readers), writers: inOrder(pipe.writers) }))
}

const MOST_NAMED = 8

/** As they are now. */
export function shownPipes(pipes: readonly Pipe[]): PipeShot[] {
  const shots = pipes.flatMap(({ inode, pid, fd, readers, writers }): PipeShot[] => {
    const fill = pipeFill(pid, fd)
    if (fill === undefined) return []
    const [from, to] = [writers, readers].map((all) => ({ pids: all.slice(0, MOST_NAMED), count: all.length }))
    return from === undefined || to === undefined ? [] : [{ inode, ...fill, from, to }]
  })
  return shots.sort((one, other) => other.bytes - one.bytes || other.from.count - one.from.count).slice(0, MOST_SHOWN)
}
