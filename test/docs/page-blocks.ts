/** Blocks of code in a page that say after their language which file they are, or, as a `diff`, which file they change. */

export interface Block {
  /** In the checkout. */
  path: string
  /** Whether it changes a file; otherwise it is the whole file. */
  isChange: boolean
  text: string
}

export const blocksOf = (page: string): Block[] =>
  Array.from(page.matchAll(/^```(\w+) (\S+)\n(.*?)^```$/gms), ([, language, path = '', text = '']) => ({
    path,
    isChange: language === 'diff',
    text,
  }))

/** Lines that a part of a change has in common with a side of it: ` ` and `-` before, ` ` and `+` after. */
const side = (part: string, sign: '-' | '+'): string =>
  part
    .split(/(?<=\n)/)
    .filter((line) => line.startsWith(' ') || line.startsWith(sign))
    .map((line) => line.slice(1))
    .join('')

/** Where lines begin in a text. */
function placesOf(lines: string, text: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(lines); at >= 0; at = text.indexOf(lines, at + 1))
    if (at === 0 || text[at - 1] === '\n') places.push(at)
  return places
}

/**
 * Changes a text as a block says. Its parts, apart by `@@`, name their place by the lines they show.
 *
 * @throws {Error} a place that is not there, or there twice
 */
export function changed(text: string, { path, text: change }: Block): string {
  return change.split(/^@@\n/m).reduce((before, part) => {
    const lines = side(part, '-')
    const [at, ...others] = lines === '' ? [] : placesOf(lines, before)
    if (at === undefined || others.length > 0)
      throw new Error(`${path} has this ${at === undefined ? 'nowhere' : 'more than once'}:\n${lines}`)
    return before.slice(0, at) + side(part, '+') + before.slice(at + lines.length)
  }, text)
}
