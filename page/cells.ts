/** Which processes are drawn one by one, and which together. */
import type { ProcessShot } from '../src/page/shapes.ts'

/** So many are drawn one by one. */
export const MOST = 60
/** Of more, so many that stand out are drawn beside a box for all others. */
const MOST_SINGLE = 24

const CALM = ['running', 'sleeping', 'idle', 'waiting for disk']

export interface Cell {
  process: ProcessShot
  group?: readonly ProcessShot[]
}

/** The key of the box that stands for many: there is one. */
export const GROUP = 'group'

const serves = ({ role }: ProcessShot): boolean => role === 'connection' || role === 'prefork'

/**
 * @param children of one process
 * @param all of the server
 * @param warned who stands out because there is a warning of it
 */
export function cellsOf(
  children: readonly ProcessShot[],
  all: readonly ProcessShot[],
  warned: ReadonlySet<number>,
): Cell[] {
  if (all.length <= MOST) return children.map((process) => ({ process }))
  const parents = new Set(all.map(({ parent }) => parent))
  const standsOut = (each: ProcessShot): boolean =>
    !serves(each) || !CALM.includes(each.state) || warned.has(each.pid) || parents.has(each.pid)
  const single = new Set(children.filter(standsOut).slice(0, MOST_SINGLE))
  const group = children.filter((each) => !single.has(each))
  const [first] = group
  const cells: Cell[] = [...single].map((process) => ({ process }))
  return first === undefined ? cells : [...cells, { process: first, group }]
}
