/** Runs a program of the course notes in place of the command: same pid, same terminal, same standard streams. */
import { execNode } from '../../fork/exec-node.js'
import { tell } from '../output.js'
import { compiledPath } from './files.js'
import type { Language } from './language.js'
import type { ProgramName } from './programs.js'

/** Makes `tined/posix` the traced one: a condition of the exports in package.json. */
export const TRACED = '--conditions=tined-trace'

/**
 * Replaces this process by the program; returns only by throwing.
 *
 * @param explanation printed first, on standard error: standard output is the program's
 */
export function run(
  name: ProgramName,
  language: Language,
  args: readonly string[],
  trace: boolean,
  explanation: string,
): never {
  tell(explanation)
  const flags = [...process.execArgv, ...(trace ? [TRACED] : [])]
  return execNode([...flags, compiledPath(name, language), ...args])
}
