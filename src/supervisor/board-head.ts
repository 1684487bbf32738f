/** What lies on a scoreboard before its slots: what is true of the whole server, in its life so far. */
import { ANSWER_TIMES, FORK_TIMES, HEAD_BYTES, OTHER_BYTES, WORD_BYTES } from './board-layout.js'
import { LastEnds } from './last-ends.js'
import { LastSignals } from './last-signals.js'
import { Times } from './times.js'

export class BoardHead {
  readonly ends: LastEnds
  readonly signals: LastSignals
  readonly forkTimes: Times
  readonly #head: Float64Array

  /** @param memory of the scoreboard, from its beginning */
  constructor(memory: Buffer, slots: number, rows: number) {
    this.#head = new Float64Array(memory.buffer, memory.byteOffset, HEAD_BYTES / WORD_BYTES)
    this.ends = new LastEnds(this.#head, slots, rows)
    this.signals = new LastSignals(this.#head)
    this.forkTimes = new Times(this.#head, FORK_TIMES)
  }

  /** Before anything is forked. */
  showOtherBytes(countsOtherBytes: boolean): void {
    this.#head[OTHER_BYTES] = Number(countsOtherBytes)
  }

  /** Rehearsals are not remembered. */
  forget(): void {
    this.ends.forget()
    this.signals.forget()
    this.forkTimes.forget()
    this.#head.fill(0, ANSWER_TIMES)
  }
}
