/** execve(2) for programs: with the signal mask that they know. */
import { withUnaskedRestored } from '../fork/unasked-signals.js'
import { execve as execveNow } from '../libc/exec.js'
import { path as checkPath } from './arguments/check.js'
import { deliver, withUserMask } from './handlers/caught-signals.js'

/**
 * Replaces the program of this process. Returns only by throwing. Caught signals get their default action; the mask stays. execve(2)
 *
 * @throws {PosixError} ENOENT, EACCES, E2BIG, …
 */
export function execve(
  path: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): never {
  checkPath('path', path)
  deliver()
  return withUserMask(() => withUnaskedRestored(() => execveNow(path, argv, env)))
}
