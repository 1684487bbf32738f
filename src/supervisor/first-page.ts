/** The first page of a scoreboard: what is true of the whole server, in its life so far. */
import { ENCRYPTED, FIRST_PAGE_BYTES, FORK_TIMES, WORD_BYTES } from './board-layout.js'
import { LastEnds } from './last-ends.js'
import { Times } from './times.js'

export class FirstPage {
  readonly ends: LastEnds
  readonly forkTimes: Times
  readonly #page: Float64Array

  /** @param memory of the scoreboard, from its beginning */
  constructor(memory: Buffer, slots: number, rows: number) {
    this.#page = new Float64Array(memory.buffer, memory.byteOffset, FIRST_PAGE_BYTES / WORD_BYTES)
    this.ends = new LastEnds(this.#page, slots, rows)
    this.forkTimes = new Times(this.#page, FORK_TIMES)
  }

  /** Before anything is forked. */
  showEncrypted(isEncrypted: boolean): void {
    this.#page[ENCRYPTED] = Number(isEncrypted)
  }

  /** Rehearsals are not remembered. */
  forget(): void {
    this.ends.forget()
    this.forkTimes.forget()
  }
}
