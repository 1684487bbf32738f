/** How long clients wait for an answer: each process adds its own to the scoreboard, in the share that its slot falls to. */
import { shownSlot, slots } from '../reactor/slot.js'
import { ANSWER_SHARES, ANSWER_TIMES, TIME_WORDS } from './board-layout.js'
import { addTime, headBefore } from './times.js'

/** Found once, before the fork where there is a rehearsal: a child has nothing to allocate. */
let known: Float64Array | undefined
let head: Float64Array = new Float64Array(0)

/** In milliseconds, from when bytes of a client were read. */
export function countAnswer(ms: number): void {
  const here = slots()
  if (known !== here) {
    head = headBefore(here)
    known = here
  }
  addTime(head, ANSWER_TIMES + (shownSlot() % ANSWER_SHARES) * TIME_WORDS, ms)
}
