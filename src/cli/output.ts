/** Standard output and error of commands: in large pieces, quiet when nobody reads any more (`| head`), and never a stack. */
import { writeSync } from 'node:fs'
import { EXIT } from '../supervisor/exit-status.js'

const PIECE_LENGTH = 64 * 1024
let waiting: (string | Buffer)[] = []
let waitingLength = 0

export function print(text: string): void {
  waiting.push(text)
  waitingLength += text.length
  if (waitingLength >= PIECE_LENGTH) flush()
}

/** Bytes that need not be text. */
export function printBytes(...pieces: readonly Buffer[]): void {
  waiting.push(...pieces)
  for (const { length } of pieces) waitingLength += length
  if (waitingLength >= PIECE_LENGTH) flush()
}

/**
 * Writes what waits. Ends the process when standard output is closed.
 *
 * @throws {Error} ENOSPC, EIO, …
 */
export function flush(): void {
  const pieces = waiting
  waiting = []
  waitingLength = 0
  try {
    writeAll(1, Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  }
}

/** Writes to standard error. There is nobody to tell that it is closed or full. */
export function tell(text: string): void {
  try {
    writeAll(2, Buffer.from(text))
  } catch {
    // whatever the command does is worth more than what it says of it
  }
}

function writeAll(fd: number, bytes: Buffer): void {
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
