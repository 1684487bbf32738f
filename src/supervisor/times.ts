/** How long something takes that a server does again and again: a few words of its scoreboard, which others read. */
import { HEAD_BYTES, TIME_BUCKETS, TIME_WORDS, WORD_BYTES } from './board-layout.js'

const US_PER_MS = 1000

/** Adds a time to those that begin at `first`. */
export function addTime(head: Float64Array, first: number, ms: number): void {
  const us = (ms * US_PER_MS) | 0
  // as many bits as it takes, so many powers of two are not above it
  const bucket = Math.min(TIME_BUCKETS, 32 - Math.clz32(us))
  head[first] = (head[first] as number) + 1
  head[first + 1] = (head[first + 1] as number) + ms
  head[first + 2 + bucket] = (head[first + 2 + bucket] as number) + 1
}

export class Times {
  readonly #head: Float64Array
  readonly #first: number

  /** @param head of the board @param first FORK_TIMES or SYNC_TIMES */
  constructor(head: Float64Array, first: number) {
    this.#head = head
    this.#first = first
  }

  add(ms: number): void {
    addTime(this.#head, this.#first, ms)
  }

  forget(): void {
    this.#head.fill(0, this.#first, this.#first + TIME_WORDS)
  }
}

/** @param slots where a process shows itself (src/reactor/slot.ts): before them is the head; one that nobody reads where there is no board */
export const headBefore = ({ buffer, byteOffset }: Float64Array): Float64Array =>
  byteOffset < HEAD_BYTES
    ? new Float64Array(HEAD_BYTES / WORD_BYTES)
    : new Float64Array(buffer, byteOffset - HEAD_BYTES, HEAD_BYTES / WORD_BYTES)
