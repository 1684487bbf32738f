/** How the last processes of a server ended, in words: one line for each that did not end as it should. */
import type { End } from '../../observe/board-head.js'
import { describeExit, endedWell } from '../../supervisor/exit-status.js'
import { plural, time } from './words.js'

export const nameOfEnd = ({ role, id }: End): string => `${role ?? 'process'}${id > 0 ? ` #${id}` : ''}`

export function lastEnds(ends: readonly End[], all: boolean, nowMs: number): string[] {
  if (ends.length === 0) return []
  const told = ends.filter(({ status }) => all || !endedWell(status))
  const lines = told.map(
    (end) =>
      `  ${nameOfEnd(end)}, ${end.pid}: ${describeExit(end.status)}, ${time(nowMs - end.endedMs)} ago, after ${time(end.endedMs - end.startedMs)}`,
  )
  const others = ends.length - told.length
  if (others > 0)
    lines.push(`  ${told.length > 0 ? 'and ' : ''}${plural(others, 'process', 'processes')} that ended as they should`)
  return ['last ends:', ...lines]
}
