/** Whose turn it is to write to a pipe, socket or terminal: a line longer than PIPE_BUF goes in pieces, and nobody's comes between. */

import { usleep } from '../../libc/process.js'
import { tryLock } from '../../libc/record-lock.js'
import type { StreamNumber } from '../../libc/standard-stream.js'
import { PATIENCE_MS, patienceMs } from './patience.js'
import { movedSoFar } from './shared-state.js'

/** Between looks at a lock that another process has: short at first, since a line is written quickly. */
const SHORTEST_REST_US = 50
const LONGEST_REST_US = 1000

/**
 * Takes the lock that all writers of one file share. The caller gives it back.
 *
 * @returns `ours`; `open` where there are no locks; `late` when whoever has it got nothing written for too long, because it waits for
 *   the reader itself, or was stopped
 */
export function awaitTurn(stream: StreamNumber, fd: number): 'ours' | 'open' | 'late' {
  let moved = movedSoFar(stream)
  const mostMs = Math.min(patienceMs(), PATIENCE_MS)
  let deadline = performance.now() + mostMs
  for (let restUs = SHORTEST_REST_US; ; restUs = Math.min(LONGEST_REST_US, restUs * 2)) {
    const locked = tryLock(fd)
    if (locked !== false) return locked ? 'ours' : 'open'
    const now = performance.now()
    if (movedSoFar(stream) !== moved) {
      moved = movedSoFar(stream)
      deadline = now + mostMs
    }
    if (now > deadline) return 'late'
    usleep(restUs)
  }
}
