/** Runs a program of the course notes in place of the command: same pid, same terminal, same standard streams. */
import { writeSync } from 'node:fs'
import { F_GETFD, F_SETFD, FD_CLOEXEC } from '../../posix/constants.js'
import { execve } from '../../posix/exec.js'
import { fcntl } from '../../posix/fd.js'
import { compiledPath } from './files.js'
import type { ProgramName } from './programs.js'

/** Makes `tined/posix` the traced one: a condition of the exports in package.json. */
const TRACED = '--conditions=tined-trace'

/**
 * Replaces this process by the program; returns only by throwing.
 *
 * @param explanation printed first, on standard error: standard output is the program's
 */
export function run(name: ProgramName, args: readonly string[], trace: boolean, explanation: string): never {
  writeSync(2, explanation)
  for (const fd of [0, 1, 2]) fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) & ~FD_CLOEXEC) // Node marks what it was started with
  const flags = [...process.execArgv, ...(trace ? [TRACED] : [])]
  return execve(process.execPath, [process.argv0, ...flags, compiledPath(name), ...args], process.env)
}
