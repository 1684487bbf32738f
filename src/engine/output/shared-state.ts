/**
 * What the processes that were forked from one another know together of standard output and standard error: whether somebody reads,
 * and how much was not written because nobody did. In shared memory, so that it outlives whoever is killed.
 */
import { sharedMemory } from '../../libc/memory.js'

/** The streams whose lines are counted. */
export type StreamNumber = 1 | 2

/** Words of 4 bytes for each stream. */
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
export const isStuck = (stream: StreamNumber): boolean => shareOutputState()[place(stream, STUCK)] === 1

/** Notes that it takes bytes. */
export function noteMoved(stream: StreamNumber): void {
  const all = shareOutputState()
  all[place(stream, STUCK)] = 0
  Atomics.add(all, place(stream, MOVED), 1)
}

/** A number that changes whenever somebody could write to it. */
export const movedSoFar = (stream: StreamNumber): number => Atomics.load(shareOutputState(), place(stream, MOVED))

/** Notes that lines were given up, the first of them in its middle perhaps. */
export function noteMissing(stream: StreamNumber, lines: number, torn: boolean): void {
  const all = shareOutputState()
  all[place(stream, STUCK)] = 1
  if (torn) all[place(stream, TORN)] = 1
  Atomics.add(all, place(stream, MISSING), lines)
}

/** Whether the last line that was written lacks its end; asked once. */
export const takeTorn = (stream: StreamNumber): boolean =>
  Atomics.exchange(shareOutputState(), place(stream, TORN), 0) === 1

/** Lines given up that nobody was told of yet; whoever takes the number tells. */
export const takeMissing = (stream: StreamNumber): number =>
  Atomics.exchange(shareOutputState(), place(stream, MISSING), 0)

/** For whoever could not tell. */
export const giveBackMissing = (stream: StreamNumber, lines: number): void =>
  void Atomics.add(shareOutputState(), place(stream, MISSING), lines)

/** True once a second, for one process of all. */
export function maySay(): boolean {
  const all = shareOutputState()
  const second = Math.floor(Date.now() / 1000)
  const said = all[SAID] as number
  return said !== second && Atomics.compareExchange(all, SAID, said, second) === said
}
