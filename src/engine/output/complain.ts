/** Words on standard error, from wherever in the tree of processes. */
import { printableLines } from '../../libc/printable.js'
import { writeOutput } from './write.js'

/** Says a line, or one with a stack below it. Never throws. */
export function complain(text: string): void {
  try {
    writeOutput(2, Buffer.from(`${printableLines(text)}\n`))
  } catch {
    // nobody reads it any more
  }
}
