/**
 * Writing to standard output and standard error so that it is out of the process when the call returns: whole, in order, and no line
 * in the middle of another process's. A reader that never reads delays nobody for ever: what it does not take in time is counted.
 */
import type { StreamNumber } from '../../libc/standard-stream.js'
import { deliver } from './deliver.js'
import { giveUp, sayMissing } from './missing.js'
import { isStuck, missing } from './shared-state.js'

/**
 * Writes all of it, or counts what could not be written.
 *
 * @throws {PosixError} EPIPE, EBADF, ENOSPC, …: what write(2) says
 */
export function writeOutput(stream: StreamNumber, bytes: Uint8Array): void {
  if (bytes.length === 0) return
  const written = deliver(stream, bytes)
  if (written < bytes.length) giveUp(stream, bytes.subarray(written))
  else if (missing(stream) > 0 && !isStuck(stream)) sayMissing()
}
