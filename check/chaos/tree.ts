/** The processes of one server, by what the kernel says of them. */
import { readFileSync } from 'node:fs'
import { childrenOf, descendantsOf, isAlive, type Stat, statOf, titleOf } from '../../test/harness/proc.js'
import { ROLES, type Role } from './decisions.js'

export interface Member {
  readonly pid: number
  readonly role: Role
  readonly title: string
}

const isRole = (name: string | undefined): name is Role => (ROLES as readonly (string | undefined)[]).includes(name)

/** One that was forked a moment ago still has the title of its parent; it will most likely be a connection's. */
function roleOf(pid: number, launcher: number): Member {
  const title = titleOf(pid)
  const named = /^tined: (\w+)/.exec(title)?.[1]
  if (pid === launcher) return { pid, role: 'launcher', title }
  if (statOf(pid)?.ppid === launcher) return { pid, role: 'supervisor', title }
  return { pid, role: isRole(named) && named !== 'supervisor' ? named : 'connection', title }
}

export const membersOf = (launcher: number): Member[] =>
  [launcher, ...descendantsOf(launcher)].filter(isAlive).map((pid) => roleOf(pid, launcher))

/** Zombies that their parents have not reaped: none stays one for long. */
export const zombiesBelow = (launcher: number): number =>
  [launcher, ...childrenOf(launcher)].flatMap(childrenOf).filter((pid) => statOf(pid)?.state === 'Z').length

/** Whether it is still the process that it was. */
export function isStill({ pid, started }: Pick<Stat, 'pid' | 'started'>): boolean {
  const stat = statOf(pid)
  return stat !== undefined && stat.started === started && stat.state !== 'Z'
}

const waitsIn = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/wchan`, 'latin1')
  } catch {
    return '?'
  }
}

/** Where everybody is, for whoever has to find out why. */
export const describeTree = (launcher: number): string =>
  membersOf(launcher)
    .map(({ pid, role, title }) => `${pid} ${role} (${title}) ${statOf(pid)?.state} in ${waitsIn(pid)}`)
    .join('; ')
