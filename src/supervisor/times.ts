/** How long something takes that a server does again and again: a few words of its scoreboard, which others read. */
import { FIRST_PAGE_BYTES, TIME_BUCKETS, TIME_WORDS, WORD_BYTES } from './board-layout.js'

const US_PER_MS = 1000

export class Times {
  readonly #page: Float64Array
  readonly #first: number

  /** @param page the first of the board @param first FORK_TIMES or SYNC_TIMES */
  constructor(page: Float64Array, first: number) {
    this.#page = page
    this.#first = first
  }

  add(ms: number): void {
    const page = this.#page
    const first = this.#first
    const us = (ms * US_PER_MS) | 0
    // as many bits as it takes, so many powers of two are not above it
    const bucket = Math.min(TIME_BUCKETS, 32 - Math.clz32(us))
    page[first] = (page[first] as number) + 1
    page[first + 1] = (page[first + 1] as number) + ms
    page[first + 2 + bucket] = (page[first + 2 + bucket] as number) + 1
  }

  forget(): void {
    this.#page.fill(0, this.#first, this.#first + TIME_WORDS)
  }
}

/** @param slots where a process shows itself (src/reactor/slot.ts): before them is the first page; one that nobody reads where there is no board */
export const pageBefore = ({ buffer, byteOffset }: Float64Array): Float64Array =>
  byteOffset < FIRST_PAGE_BYTES
    ? new Float64Array(FIRST_PAGE_BYTES / WORD_BYTES)
    : new Float64Array(buffer, byteOffset - FIRST_PAGE_BYTES, FIRST_PAGE_BYTES / WORD_BYTES)
