/** Rows as the lines of a table, and what has changed in them as lines of their own. */
import { cutEnd, padded, widthOf } from '../../text-width.js'
import type { TableWords } from '../programs.js'
import type { Row } from './rows.js'

const GAP = '  '
/** What a call may take: the descriptors get the rest. */
const MOST_CALL = 34

const cellsOf = ({ pid, parent, state, call, descriptors }: Row, words: TableWords): string[] => [
  `${pid}`,
  `${parent}`,
  words.states[state],
  cutEnd(call, MOST_CALL),
  descriptors,
]

/**
 * @param width columns of the terminal
 * @param height lines at most, the heading among them
 */
export function tableOf(rows: readonly Row[], words: TableWords, width: number, height: number): string[] {
  const shown = rows.length < height ? rows : rows.slice(0, height - 2)
  const cells = [[...words.headings], ...shown.map((row) => cellsOf(row, words))]
  const widths = words.headings.map((_, place) => Math.max(...cells.map((row) => widthOf(row[place] ?? ''))))
  const lines = cells.map((row) =>
    cutEnd(row.map((cell, place) => padded(cell, widths[place] as number)).join(GAP), width).trimEnd(),
  )
  return rows.length > shown.length ? [...lines, words.more(rows.length - shown.length)] : lines
}

/** Whether it runs or sleeps changes too often to be said. */
const lastingState = ({ state }: Row): string => (state === 'running' || state === 'sleeping' ? '' : state)

function lineOf(row: Row, before: Row | undefined, words: TableWords): string[] {
  const { pid, parent, call, descriptors } = row
  const whose = words.whose(pid, parent)
  const state = lastingState(row)
  const parts = [
    ...(before === undefined || state !== lastingState(before) || parent !== before.parent
      ? [words.states[row.state]]
      : []),
    ...(call !== (before?.call ?? '') && call !== '' ? [call] : []),
    ...(descriptors !== (before?.descriptors ?? '') && state !== 'zombie' ? [descriptors || words.nothing] : []),
  ]
  return parts.length === 0 ? [] : [`${whose}: ${parts.join('; ')}`]
}

/** A line for each process that is not as it was, one for each that is gone. */
export function changesOf(rows: readonly Row[], before: readonly Row[], words: TableWords): string[] {
  const old = new Map(before.map((row) => [row.pid, row]))
  const gone = before.filter(({ pid }) => !rows.some((row) => row.pid === pid))
  return [
    ...rows.flatMap((row) => lineOf(row, old.get(row.pid), words)),
    ...gone.map(({ pid, parent }) => `${words.whose(pid, parent)}: ${words.gone}`),
  ]
}
