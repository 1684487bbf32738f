/**
 * What the processes that were forked from one another know together of standard output and standard error: whether somebody reads,
 * and how much was not written because nobody did. In shared memory, so that it outlives whoever is killed.
 */
import { PIPE_BUF } from '../../libc/constants.js'
import { sharedMemory } from '../../libc/memory.js'
import type { StreamNumber } from '../../libc/standard-stream.js'

/**
 * Bytes that somebody must have read if so many could be written: with nobody reading, what is short may still find room in the last
 * page of a pipe that is full, again and again, but never as much as this.
 */
export const SURELY_READ = PIPE_BUF

/** Words of 4 bytes for each stream. The first: bytes that must be written until somebody is taken to read again; 0 as long as he does. */
const STUCK = 0
const MOVED = 1
const TORN = 2
const MISSING = 3
const EACH = 4
const SAID = 0

let words: Int32Array | undefined

/** Makes the memory. Before a fork it is common to both; afterwards each has its own. */
export function shareOutputState(): Int32Array {
  if (words === undefined) {
    const memory = sharedMemory(4096)
    words = new Int32Array(memory.buffer, memory.byteOffset, EACH * 3)
  }
  return words
}

const place = (stream: StreamNumber, word: number): number => stream * EACH + word

/** Whether it took nothing for so long that nobody waits for it any more. */
export const isStuck = (stream: StreamNumber): boolean => shareOutputState()[place(stream, STUCK)] !== 0

/** Notes that it takes bytes. */
export function noteMoved(stream: StreamNumber, bytes: number): void {
  const all = shareOutputState()
  const stuck = all[place(stream, STUCK)] as number
  if (stuck > 0) all[place(stream, STUCK)] = Math.max(0, stuck - bytes)
  Atomics.add(all, place(stream, MOVED), bytes)
}

/** A number that changes as long as somebody reads. */
export const movedSoFar = (stream: StreamNumber): number =>
  Math.floor(Atomics.load(shareOutputState(), place(stream, MOVED)) / SURELY_READ)

/** Notes that it took nothing for too long, in the middle of a line perhaps. */
export function noteStuck(stream: StreamNumber, torn: boolean): void {
  const all = shareOutputState()
  all[place(stream, STUCK)] = SURELY_READ
  if (torn) all[place(stream, TORN)] = 1
}

/** Notes that lines were given up. */
export const noteMissing = (stream: StreamNumber, lines: number): void =>
  void Atomics.add(shareOutputState(), place(stream, MISSING), lines)

/** Whether the last line that was written lacks its end; asked once. */
export const takeTorn = (stream: StreamNumber): boolean =>
  Atomics.exchange(shareOutputState(), place(stream, TORN), 0) === 1

/** Lines given up that nobody was told of yet. */
export const missing = (stream: StreamNumber): number => Atomics.load(shareOutputState(), place(stream, MISSING))

/** The same, for whoever tells of them now: nobody else will. */
export const takeMissing = (stream: StreamNumber): number =>
  Atomics.exchange(shareOutputState(), place(stream, MISSING), 0)

/** True once a second, for one process of all. */
export function maySay(): boolean {
  const all = shareOutputState()
  const second = Math.floor(Date.now() / 1000)
  const said = all[SAID] as number
  return said !== second && Atomics.compareExchange(all, SAID, said, second) === said
}
