/** Which processes of a tree are compared with each other, descriptor by descriptor. */
import type { ProcessView, ServerView } from '../observe/server-view.js'

/** Every one is compared with every other: of larger trees not all are taken. */
export const MOST_COMPARED = 100

const serves = ({ role }: ProcessView): boolean => role === 'connection' || role === 'prefork'

/** Of large trees those that do not only serve. @param pid one that must be among them */
export function comparedOf({ processes }: ServerView, pid?: number): ProcessView[] {
  if (processes.length <= MOST_COMPARED) return processes
  const some = processes
    .filter((process) => process.pid === pid || process.parent === pid || !serves(process))
    .slice(0, MOST_COMPARED)
  const isAmong = pid === undefined || some.some((process) => process.pid === pid)
  return isAmong ? some : [...some, ...processes.filter((process) => process.pid === pid)]
}
