/** A page as somebody follows it: its blocks of code in order, and the sessions at a terminal that it shows. */

/**
 * @param text of a page in Markdown
 * @returns {{ language: string, file: string | undefined, text: string, line: number }[]} its blocks; `file` is what the block names
 *   after its language, `line` that of its first line
 */
export const blocksOf = (text) =>
  Array.from(text.matchAll(/^```([^\s`]*)(?: (\S+))?\n(.*?)^```$/gms), (found) => ({
    language: found[1],
    file: found[2],
    text: found[3],
    line: text.slice(0, found.index).split('\n').length + 1,
  }))

/** What a comment in a session says of its line. */
const TYPED = 'you type this'
const BELOW = 'as below'

function stepOf(text, line) {
  if (text.startsWith('$ ')) return { kind: 'command', text: text.slice(2), line }
  if (text === '^C') return { kind: 'interrupt', text, line }
  if (text === '^D') return { kind: 'end', text, line }
  const [, shown = text, comment] = /^(.*?) +# (.*)$/.exec(text) ?? []
  if (comment === TYPED) return { kind: 'typed', text: shown, line }
  return {
    kind: 'printed',
    text: comment?.endsWith(BELOW) ? shown : text,
    line,
    waits: comment?.endsWith(BELOW) === true,
  }
}

/**
 * What happens in a session: `$ COMMAND`, a line that is printed, a line that the reader types (`# you type this`), Ctrl-C (`^C`),
 * the end of input (`^D`). A line with `# …, as below` comes of what the blocks below do.
 */
export const stepsOf = ({ text, line }) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((each, index) => stepOf(each, line + index))
