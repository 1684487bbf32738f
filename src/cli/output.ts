/** Standard output for commands that print much: in large pieces, and quiet when nobody reads any more (`| head`). */
import { writeSync } from 'node:fs'
import { EXIT } from '../supervisor/exit-status.js'

const PIECE_LENGTH = 64 * 1024
let waiting = ''

export function print(text: string): void {
  waiting += text
  if (waiting.length >= PIECE_LENGTH) flush()
}

/** Writes what waits. Ends the process when standard output is closed. */
export function flush(): void {
  const bytes = Buffer.from(waiting)
  waiting = ''
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') process.exit(EXIT.ok)
      if (code !== 'EAGAIN') throw error
      rest(5) // a pipe that somebody has made non-blocking
    }
  }
}

const rest = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
