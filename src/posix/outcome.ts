/** What the result of a call means that may have nothing to give now. */
import type { FdArgument } from '../libc/brand.js'
import { EAGAIN } from '../libc/constants.js'
import { lastErrno } from '../libc/ffi.js'
import { PosixError } from '../libc/posix-error.js'
import { caught, deliver } from './handlers/caught-signals.js'

/**
 * Looks at what a call on `fd` returned.
 *
 * @returns `result`; `undefined` for EAGAIN
 * @throws {PosixError} any other failure
 */
export function ready(result: number, syscall: string, fd: FdArgument): number | undefined {
  if (result >= 0) return result
  const errno = lastErrno()
  if (errno === EAGAIN) return undefined
  if (caught.any) deliver() // SIGPIPE comes with EPIPE, and its handler runs before the call returns
  throw new PosixError(errno, syscall, { fd })
}
