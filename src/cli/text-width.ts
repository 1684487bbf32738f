/**
 * Text in columns of a terminal: a Korean syllable or an emoji takes two, an accent of its own none. Loaded by commands that align
 * text, when they do.
 */
import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter()

/** How many columns it takes. What cannot be seen takes none: text from elsewhere is made printable first. */
export const widthOf = (text: string): number => stringWidth(text)

/** Blanks that are missing to `width` columns. */
const room = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text)))

export const padded = (text: string, width: number): string => text + room(text, width)
export const paddedLeft = (text: string, width: number): string => room(text, width) + text

const letters = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment)

/** As many of them as fit. */
function fitting(all: readonly string[], width: number): string[] {
  const fit: string[] = []
  let left = width
  for (const letter of all) {
    left -= widthOf(letter)
    if (left < 0) break
    fit.push(letter)
  }
  return fit
}

/** Cut at its end where it takes more; no letter is taken apart. @param width at least 1 */
export function cutEnd(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${fitting(letters(text), width - 1).join('')}…`
}

/** Leaves out of the middle what is too much. @param width at least 1 */
export function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const all = letters(text)
  const tailWidth = Math.floor((width - 1) / 3)
  const head = fitting(all, width - 1 - tailWidth)
  const tail = fitting(all.toReversed(), tailWidth).reverse()
  return `${head.join('')}…${tail.join('')}`
}
