/** The processes that a supervisor has reaped, at the head of its scoreboard: the last ones, and all of them by how they ended. */
import {
  BOARD_VERSION,
  END_AT_MS,
  END_ID,
  END_PID,
  END_ROLE,
  END_STARTED_MS,
  END_STATUS,
  END_WORDS,
  ENDS,
  endKey,
  FIRST_END,
  FIRST_TALLY,
  KEPT_ENDS,
  LAST_TALLY,
  ROLES,
  ROWS,
  SLOTS,
  TALLY_WORDS,
  VERSION,
} from './board-layout.js'
import type { Child } from './children.js'

export class LastEnds {
  readonly #page: Float64Array

  /** @param page the head of the scoreboard */
  constructor(page: Float64Array, slots: number, rows: number) {
    this.#page = page
    this.#page[VERSION] = BOARD_VERSION
    this.#page[SLOTS] = slots
    this.#page[ROWS] = rows
  }

  /** A child was reaped. */
  add({ pid, role, id, startedMs }: Child, status: number): void {
    const page = this.#page
    const roleNumber = ROLES.indexOf(role)
    countEnd(page, endKey(roleNumber, status))
    const count = page[ENDS] as number
    const first = FIRST_END + (count % KEPT_ENDS) * END_WORDS
    page[first + END_PID] = pid
    page[first + END_ROLE] = roleNumber
    page[first + END_ID] = id
    page[first + END_STATUS] = status
    page[first + END_STARTED_MS] = startedMs
    page[first + END_AT_MS] = Date.now()
    page[ENDS] = count + 1
  }

  /** Rehearsals are not remembered. */
  forget(): void {
    this.#page[ENDS] = 0
    this.#page.fill(0, FIRST_TALLY, LAST_TALLY + TALLY_WORDS)
  }
}

/** Nearly all end alike: the first pair is theirs. */
export function countEnd(page: Float64Array, key: number): void {
  let at = FIRST_TALLY
  while (at < LAST_TALLY && page[at] !== key && page[at] !== 0) at += TALLY_WORDS
  if (at < LAST_TALLY) page[at] = key
  page[at + 1] = (page[at + 1] as number) + 1
}
