/**
 * Writing to standard output and standard error so that it is out of the process when the call returns: whole, in order, and no line
 * in the middle of another process's. A reader that never reads delays nobody for ever: what it does not take in time is counted.
 */

import { usleep } from '../../libc/process.js'
import { tryLock, unlock } from '../../libc/record-lock.js'
import { awaitRoom, type OutputChannel, openChannel } from './channel.js'
import {
  giveBackMissing,
  isStuck,
  maySay,
  movedSoFar,
  noteMissing,
  noteMoved,
  type StreamNumber,
  takeMissing,
  takeTorn,
} from './shared-state.js'

/** So long may a reader take nothing at all. */
export const PATIENCE_MS = 5000
let patienceMs = PATIENCE_MS

/** Between looks at a lock that another process has: short at first, since a line is written quickly. */
const SHORTEST_REST_US = 50
const LONGEST_REST_US = 1000

const NEWLINE = 10
/** Whether this process has given up lines. */
let gaveUp = false

/** From now on a reader is waited for as long as it takes, as in C. */
export function waitForReaders(): void {
  patienceMs = Number.POSITIVE_INFINITY
}

/**
 * Writes all of it, or counts what could not be written.
 *
 * @throws {PosixError} EPIPE, EBADF, ENOSPC, …: what write(2) says
 */
export function writeOutput(stream: StreamNumber, bytes: Uint8Array): void {
  if (bytes.length === 0) return
  const stuck = isStuck(stream)
  const written = deliver(stream, bytes, stuck ? 0 : patienceMs)
  if (written < bytes.length) giveUp(stream, bytes, written)
  else if (stuck) sayMissing()
}

function giveUp(stream: StreamNumber, bytes: Uint8Array, written: number): void {
  gaveUp = true
  noteMissing(stream, linesIn(bytes.subarray(written)), written > 0 && bytes[written - 1] !== NEWLINE)
}

/** Called before the process ends: says what it gave up, unless somebody has just done so. */
export function sayMissingAtEnd(): void {
  if (gaveUp && maySay()) sayMissing()
}

/** Says on standard error how many lines are missing, once; when nobody reads that either, somebody else will. */
export function sayMissing(): void {
  for (const stream of [1, 2] as const) {
    const lines = takeMissing(stream)
    if (lines === 0) continue
    const name = stream === 1 ? 'standard output' : 'standard error'
    const text = `tined: nobody read ${name} for ${PATIENCE_MS / 1000} s: ${lines} ${lines === 1 ? 'line is' : 'lines are'} missing\n`
    if (!said(Buffer.from(text))) giveBackMissing(stream, lines)
  }
}

function said(text: Uint8Array): boolean {
  try {
    const written = deliver(2, text, isStuck(2) ? 0 : patienceMs)
    if (written < text.length) noteMissing(2, 0, written > 0)
    return written === text.length
  } catch {
    return false
  }
}

/** A last line without a newline counts too. */
function linesIn(bytes: Uint8Array): number {
  let lines = bytes.at(-1) === NEWLINE ? 0 : 1
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++
  return lines
}

/** Returns how many bytes were written: all, or less when nothing more was taken for so long. */
function deliver(stream: StreamNumber, bytes: Uint8Array, waitMs: number): number {
  const channel = openChannel(stream)
  try {
    const locked = channel.takesTurns && awaitTurn(stream, channel.fd)
    try {
      if (!takeTorn(stream)) return putAll(stream, channel, bytes, waitMs)
      const whole = putAll(stream, channel, Buffer.concat([Buffer.of(NEWLINE), bytes]), waitMs)
      if (whole === 0) noteMissing(stream, 0, true)
      return Math.max(0, whole - 1)
    } finally {
      if (locked) unlock(channel.fd)
    }
  } finally {
    channel.close()
  }
}

/** Takes the lock that writers of one pipe, socket or terminal share. False when it has to go without. */
function awaitTurn(stream: StreamNumber, fd: number): boolean {
  let moved = movedSoFar(stream)
  let deadline = performance.now() + PATIENCE_MS
  for (let restUs = SHORTEST_REST_US; ; restUs = Math.min(LONGEST_REST_US, restUs * 2)) {
    const locked = tryLock(fd)
    if (locked !== false) return locked ?? false
    const now = performance.now()
    if (movedSoFar(stream) !== moved) {
      moved = movedSoFar(stream)
      deadline = now + PATIENCE_MS
    }
    // whoever has it was stopped perhaps
    if (now > deadline) return false
    usleep(restUs)
  }
}

function putAll(stream: StreamNumber, channel: OutputChannel, bytes: Uint8Array, waitMs: number): number {
  let deadline = performance.now() + waitMs
  let mayWaitMs = waitMs
  let fruitless = 0
  for (let at = 0; ; ) {
    const taken = channel.put(at === 0 ? bytes : bytes.subarray(at))
    if (taken !== undefined) {
      at += taken
      noteMoved(stream)
      if (at === bytes.length) return at
      mayWaitMs = patienceMs
      deadline = performance.now() + mayWaitMs
      fruitless = 0
      continue
    }
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) return at
    // some devices say that there is room and take nothing
    if (fruitless++ > 1) usleep(LONGEST_REST_US)
    awaitRoom(channel.fd, leftMs === Number.POSITIVE_INFINITY ? -1 : Math.ceil(leftMs))
  }
}
