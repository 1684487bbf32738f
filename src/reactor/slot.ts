/**
 * What a process shows of itself while it runs: its slot of a scoreboard, in memory that others read. Written at every turn and
 * message, so it is a few words of one typed array.
 */

/** Words of a slot: numbers, exact up to 2^53. */
export const PID = 0
export const ROLE = 1
/** The connection that is served; of a worker the one it turned to last. */
export const CONNECTION = 2
export const DESCRIPTOR = 3
export const STARTED_MS = 4
/** Counts up before each wait and after it: even while its loop waits, and the same for as long as it does not turn. */
export const TURNS = 5
/** Until when the handler has asked to be left alone. */
export const EXTENDED_UNTIL_MS = 6
export const BYTES_READ = 7
export const BYTES_WRITTEN = 8
/** Times that bytes came. */
export const MESSAGES = 9
/** Of a worker: how many it serves. */
export const CONNECTIONS = 10
/** Of a connection: the error it was lost with, or one of the two below, or 0. */
export const FATE = 11
export const TOLD_TO_END = -1
export const HANDLER_FAILED = -2
/** Of a worker that serves one connection at a time, each with a row: STARTING, IDLE or BUSY. */
export const STATE = 11
/** A sockaddr of up to 32 bytes. */
export const PEER = 12
export const SLOT_WORDS = 16

export const STARTING = 0
export const IDLE = 1
export const BUSY = 2

/** Of a process without a scoreboard: nobody reads it. */
let words: Float64Array = new Float64Array(SLOT_WORDS)
let first = 0

/** From now on this process shows itself in slot number `slot` of `shared`. */
export function showIn(shared: Float64Array, slot: number): void {
  words = shared
  first = slot * SLOT_WORDS
}

/** All slots of the scoreboard that this process shows itself on. */
export const slots = (): Float64Array => words
/** Which of them is its own. */
export const shownSlot = (): number => first / SLOT_WORDS

export function show(word: number, value: number): void {
  words[first + word] = value
}

export function count(word: number, more: number): void {
  words[first + word] = (words[first + word] as number) + more
}

/** A slot beside that of this process: of one of its connections. */
export class Slot {
  readonly number: number
  readonly #words: Float64Array
  readonly #first: number

  constructor(shared: Float64Array, number: number) {
    this.number = number
    this.#words = shared
    this.#first = number * SLOT_WORDS
  }

  word(word: number): number {
    return this.#words[this.#first + word] as number
  }

  show(word: number, value: number): void {
    this.#words[this.#first + word] = value
  }

  count(word: number, more: number): void {
    this.#words[this.#first + word] = (this.#words[this.#first + word] as number) + more
  }
}

/** What this process has shown. */
export const shown = (word: number): number => words[first + word] as number

/** In the supervisor's slot, which is the first: handlers of this server compute for long. */
export const COMPUTES = 13

/** Writes to the supervisor's slot. */
export function tellServer(word: number, value: number): void {
  words[word] = value
}

/** What others have written there. */
export const told = (word: number): number => words[word] as number
