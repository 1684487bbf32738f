/** A table in 100 columns: numbers to the right, and what is too wide is cut in the one column that may be. */
import { cutMiddle, padded, paddedLeft, widthOf } from '../text-width.js'

export const WIDTH = 100
const GAP = ' '

export interface Column {
  title: string
  right?: true
}

/** @param yielding the column that is cut */
export function aligned(columns: readonly Column[], rows: readonly (readonly string[])[], yielding: number): string[] {
  const all = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, place) => Math.max(...all.map((row) => widthOf(row[place] ?? ''))))
  const others = widths.reduce((sum, width, place) => sum + (place === yielding ? 0 : width), 0)
  const left = Math.max(8, WIDTH - others - GAP.length * (columns.length - 1))
  widths[yielding] = Math.min(widths[yielding] as number, left)
  return all.map((row) =>
    columns
      .map(({ right }, place) => {
        const width = widths[place] as number
        const text = place === yielding ? cutMiddle(row[place] ?? '', width) : (row[place] ?? '')
        return right ? paddedLeft(text, width) : padded(text, width)
      })
      .join(GAP)
      .trimEnd(),
  )
}
