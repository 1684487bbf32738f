/** execve(2) for programs: with the signal mask that they know. */
import { passStandardDescriptors } from '../fork/standard-descriptors.js'
import { withUnaskedRestored } from '../fork/unasked-signals.js'
import { ENOENT } from '../libc/constants.js'
import { ENOTDIR } from '../libc/errno-constants.js'
import { execve as execveNow } from '../libc/exec.js'
import { EACCES } from '../libc/io-constants.js'
import { PosixError } from '../libc/posix-error.js'
import { path as checkPath, refuse, struct } from './arguments/check.js'
import { deliver, withUserMask } from './handlers/caught-signals.js'

const DEFAULT_PATH = '/bin:/usr/bin'

/** As `execve` with this process's environment. execv(3) @throws {PosixError} as `execve` */
export const execv = (path: string, argv: readonly string[]): never => execAs('execv', path, argv)

/**
 * As `execv`, with the arguments one by one. execl(3)
 *
 * @param args the name and the arguments; C's NULL at the end may be there
 */
export const execl = (path: string, ...args: (string | null)[]): never => execAs('execl', path, listed(args))

/**
 * As `execv`; a name without a slash is looked for in the folders of the variable PATH. execvp(3)
 *
 * @throws {PosixError} ENOENT, EACCES, …
 */
export const execvp = (file: string, argv: readonly string[]): never => search('execvp', file, argv)

/** As `execvp`, with the arguments one by one. execlp(3) */
export const execlp = (file: string, ...args: (string | null)[]): never => search('execlp', file, listed(args))

/** NULL ends the list in C. */
function listed(args: readonly (string | null)[]): string[] {
  const end = args.indexOf(null)
  return (end < 0 ? args : args.slice(0, end)) as string[]
}

function execAs(call: string, path: string, argv: readonly string[]): never {
  try {
    return execve(path, argv, process.env)
  } catch (error) {
    throw error instanceof PosixError ? new PosixError(-error.errno, call, { path }) : error
  }
}

/** @throws {PosixError} EACCES where one was found that may not be executed, else ENOENT; another error at once */
function search(call: string, file: string, argv: readonly string[]): never {
  checkPath('file', file)
  if (file.includes('/')) return execAs(call, file, argv)
  let errno = ENOENT
  for (const folder of file === '' ? [] : (process.env['PATH'] ?? DEFAULT_PATH).split(':'))
    try {
      execve(`${folder || '.'}/${file}`, argv, process.env)
    } catch (error) {
      if (!(error instanceof PosixError)) throw error
      if (error.errno === -EACCES) errno = EACCES
      else if (error.errno !== -ENOENT && error.errno !== -ENOTDIR)
        throw new PosixError(-error.errno, call, { path: file })
    }
  throw new PosixError(errno, call, { path: file })
}

function checkStrings(name: string, values: readonly unknown[]): void {
  if (!Array.isArray(values)) refuse(name, 'an array of strings', values)
  for (const [index, value] of values.entries()) checkPath(`${name}[${index}]`, value as string)
}

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
  checkStrings('argv', argv)
  struct('env', env)
  deliver()
  passStandardDescriptors()
  return withUserMask(() => withUnaskedRestored(() => execveNow(path, argv, env)))
}
