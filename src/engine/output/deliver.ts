/** One write: whole, at its turn, and for a limited time. */

import { fstatSync } from 'node:fs'
import { usleep } from '../../libc/process.js'
import { unlock } from '../../libc/record-lock.js'
import type { StreamNumber } from '../../libc/standard-stream.js'
import { awaitRoom, type OutputChannel, openChannel } from './channel.js'
import { patienceMs } from './patience.js'
import { isStuck, noteMoved, noteStuck, SURELY_READ, takeTorn } from './shared-state.js'
import { awaitTurn } from './turn.js'

const NEWLINE = 10
/** Between two attempts on a device that says that there is room and takes nothing. */
const REST_US = 1000

/**
 * Returns how many bytes were written: all, or less when nothing more was taken for too long.
 *
 * @throws {PosixError} EPIPE, EBADF, ENOSPC, …: what write(2) says
 */
export function deliver(stream: StreamNumber, bytes: Uint8Array): number {
  const channel = openChannel(stream)
  try {
    const turn = channel.takesTurns ? awaitTurn(stream, channel.fd) : 'open'
    // asked now and not before it was our turn: of all who wait only the first waits for the reader
    const mostMs = patienceMs()
    const waitMs = mostMs < Number.POSITIVE_INFINITY && (turn === 'late' || isStuck(stream)) ? 0 : mostMs
    try {
      return putLines(stream, channel, bytes, waitMs)
    } finally {
      if (turn === 'ours') unlock(channel.fd)
    }
  } finally {
    channel.close()
  }
}

/** A terminal above all, which takes nothing of the one when it takes nothing of the other. */
function isSameFile(one: StreamNumber, other: StreamNumber): boolean {
  try {
    const [first, second] = [fstatSync(one), fstatSync(other)]
    return first.dev === second.dev && first.ino === second.ino
  } catch {
    return false // closed
  }
}

/** After a line that was given up in its middle another one begins anew. */
function putLines(stream: StreamNumber, channel: OutputChannel, bytes: Uint8Array, waitMs: number): number {
  const torn = takeTorn(stream)
  const all = torn ? Buffer.concat([Buffer.of(NEWLINE), bytes]) : bytes
  const written = putAll(stream, channel, all, waitMs)
  // before anybody else has the turn
  if (written < all.length) {
    noteStuck(stream, written === 0 ? torn : all[written - 1] !== NEWLINE)
    const other = stream === 1 ? 2 : 1
    if (isSameFile(1, 2)) noteStuck(other, false)
  }
  return torn ? Math.max(0, written - 1) : written
}

function putAll(stream: StreamNumber, channel: OutputChannel, bytes: Uint8Array, waitMs: number): number {
  let deadline = performance.now() + waitMs
  let fruitless = 0
  let unread = 0
  for (let at = 0; ; ) {
    const taken = channel.put(at === 0 ? bytes : bytes.subarray(at))
    if (taken !== undefined) {
      at += taken
      noteMoved(stream, taken)
      if (at === bytes.length) return at
      fruitless = 0
      unread += taken
      if (unread >= SURELY_READ) {
        unread = 0
        deadline = performance.now() + patienceMs()
      }
      continue
    }
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) return at
    if (fruitless++ > 1) usleep(REST_US)
    awaitRoom(channel.fd, leftMs === Number.POSITIVE_INFINITY ? -1 : Math.ceil(leftMs))
  }
}
