/** PosixError: the one exception for a refused system call, and `check`, the one place that throws it. */
import { constants } from 'node:os'
import { ETOOMANYREFS } from './constants.js'
import { c, lastErrno } from './ffi.js'
import { getSystemErrorMap } from './node-util.js'

const strerror: (errno: number) => string = c('const char *strerror(int errnum)')

/** What Node's map lacks: ECHILD, EDEADLK, … */
function unmapped(errno: number): [code: string, text: string] {
  const known = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0]
  const code = known ?? (errno === ETOOMANYREFS ? 'ETOOMANYREFS' : `E${errno}`)
  return [code, strerror(errno).toLowerCase()]
}

/** What a call was about; copied onto the error. */
export interface PosixContext {
  fd?: number
  pid?: number
  path?: string
  address?: string
}

/**
 * A system call failed. Worded and shaped as Node's own errors, so `code` is what to branch on.
 *
 * `errno` is negative, as in every other error of the process, so that `util.getSystemErrorName(error.errno)` works.
 */
export class PosixError extends Error {
  override readonly name = 'PosixError'
  /** `EADDRINUSE`, `EAGAIN`, … errno(3) */
  readonly code: string
  readonly errno: number
  readonly syscall: string
  declare readonly fd?: number
  declare readonly pid?: number
  declare readonly path?: string
  declare readonly address?: string

  /**
   * @param errno the positive value of errno(3)
   * @param more what else is known, and the remedy; ends the message
   */
  constructor(errno: number, syscall: string, context: PosixContext = {}, more?: string) {
    const [code, text] = getSystemErrorMap().get(-errno) ?? unmapped(errno)
    const about = context.path ?? context.address ?? (context.fd !== undefined ? `fd ${context.fd}` : undefined)
    const subject = about ?? (context.pid !== undefined ? `pid ${context.pid}` : undefined)
    super(
      `${code}: ${text}, ${syscall}${subject === undefined ? '' : ` ${subject}`}${more === undefined ? '' : `: ${more}`}`,
    )
    this.code = code
    this.errno = -errno
    this.syscall = syscall
    Object.assign(this, context)
  }
}

/** Returns `result` when it is not negative; throws the PosixError of the last call otherwise. */
export function check(result: number, syscall: string, context?: PosixContext): number {
  if (result >= 0) return result
  throw new PosixError(lastErrno(), syscall, context)
}
