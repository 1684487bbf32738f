/** Standard output and error of commands: in large pieces, quiet when nobody reads any more (`| head`), and never a stack. */
import { writeSync } from 'node:fs'
import { EXIT } from '../supervisor/exit-status.js'

const PIECE_LENGTH = 64 * 1024
let waiting = ''

export function print(text: string): void {
  waiting += text
  if (waiting.length >= PIECE_LENGTH) flush()
}

/**
 * Writes what waits. Ends the process when standard output is closed.
 *
 * @throws {Error} ENOSPC, EIO, …
 */
export function flush(): void {
  const text = waiting
  waiting = ''
  try {
    writeAll(1, text)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  }
}

/** Writes to standard error. There is nobody to tell that it is closed or full. */
export function tell(text: string): void {
  try {
    writeAll(2, text)
  } catch {
    // whatever the command does is worth more than what it says of it
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      rest(5) // a pipe that somebody has made non-blocking
    }
  }
}

const rest = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
