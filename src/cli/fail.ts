/** How a command ends that cannot do what it was asked for. */
import { ForkRefused } from '../fork/safety.js'
import { PosixError } from '../libc/posix-error.js'
import { EXIT } from '../supervisor/exit-status.js'
import { StartError } from '../supervisor/launcher/launched.js'
import { tell } from './output.js'

/** 100 for what the user wrote, 111 for what the system refused. */
function exitCodeOf(error: unknown): number {
  if (error instanceof StartError) return error.exitCode
  if (error instanceof PosixError || error instanceof ForkRefused) return EXIT.system
  if (error instanceof TypeError || error instanceof RangeError) return EXIT.misuse
  return EXIT.system
}

/** Ends the command with one clear line. */
export function fail(error: unknown): never {
  tell(`tined: fatal: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(exitCodeOf(error))
}
