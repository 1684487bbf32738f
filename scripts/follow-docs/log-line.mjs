/** A line of a server's log as a terminal shows it: here it goes into a pipe, and servers log JSON there. */
import { stripVTControlCharacters } from 'node:util'
import { prettyLines } from '../../dist/src/supervisor/pretty-lines.js'

const pretty = prettyLines()

/** Any other line as it is. */
export const onTerminal = (line) =>
  line.startsWith('{"level":') ? stripVTControlCharacters(pretty(line)).trimEnd() : line
