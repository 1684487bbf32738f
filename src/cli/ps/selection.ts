/** Which processes of a tree the table shows, and in which order. */
import type { ProcessView } from '../../observe/server-view.js'

export const SORTS = ['pid', 'memory', 'cpu', 'age'] as const
export type Sort = (typeof SORTS)[number]

const KEYS: Record<Sort, (process: ProcessView) => number> = {
  pid: ({ pid }) => pid,
  memory: ({ anonymousBytes }) => -anonymousBytes,
  cpu: ({ cpuMs }) => -cpuMs,
  age: ({ startedMs }) => startedMs,
}

/** So many processes that serve connections are shown unless all are asked for. */
export const MOST = 40

const ROLE_ORDER = [
  'launcher',
  'supervisor',
  'writer',
  'forwarder',
  'page',
  'worker',
  'prefork',
  'connection',
  'process',
  'orphan',
]
const rankOf = ({ role }: ProcessView): number => (ROLE_ORDER.indexOf(role) + 1 || ROLE_ORDER.length + 1) as number

const serves = ({ role }: ProcessView): boolean => role === 'connection' || role === 'prefork'

export interface Selection {
  shown: ProcessView[]
  /** Of processes that serve, and what is below them. */
  rest: ProcessView[]
}

export function select(processes: readonly ProcessView[], sort: Sort, all: boolean): Selection {
  const key = KEYS[sort]
  const ordered = [...processes].sort(
    (one, other) => rankOf(one) - rankOf(other) || key(one) - key(other) || one.pid - other.pid,
  )
  const pids = new Set(processes.map(({ pid }) => pid))
  const selection: Selection = { shown: [], rest: [] }
  let served = 0
  const add = (process: ProcessView, hidden: boolean): void => {
    const hides = hidden || (serves(process) && ++served > MOST && !all)
    selection[hides ? 'rest' : 'shown'].push(process)
    for (const child of ordered) if (child.parent === process.pid) add(child, hides)
  }
  for (const process of ordered) if (!pids.has(process.parent)) add(process, false)
  return selection
}
