/** A text that is shown again and again on a terminal, in its place. console_codes(4) */
import { cutEnd } from '../text-width.js'

const HOME = '\x1b[H'
const CLEAR_LINE_END = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'

/**
 * Over what was there. Nothing scrolls: what has left a terminal at its top comes back when that is enlarged.
 *
 * @param text lines; those that are too long are cut, and of too many the last are left out
 * @param rows of the terminal
 * @param columns of the terminal
 */
export function repainted(text: string, rows: number, columns: number): string {
  const all = text.replace(/\n$/, '').split('\n')
  const shown = all.length <= rows ? all : all.slice(0, rows - 1)
  const more = all.length - shown.length
  const lines = more === 0 ? shown : [...shown, `… ${more} more lines: there is no room for them`]
  const cleared = lines.map((line) => `${cutEnd(line, columns)}${CLEAR_LINE_END}`)
  return `${HOME}${cleared.join('\r\n')}${CLEAR_BELOW}`
}
