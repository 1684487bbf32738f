/** The first page of a scoreboard, read from another process: ends of processes, and times that things took. */
import {
  END_AT_MS,
  END_ID,
  END_PID,
  END_ROLE,
  END_STARTED_MS,
  END_STATUS,
  END_WORDS,
  ENDS,
  endOfKey,
  FIRST_END,
  FIRST_TALLY,
  KEPT_ENDS,
  LAST_TALLY,
  ROLES,
  type Role,
  TALLY_WORDS,
  TIME_BUCKETS,
  WORD_BYTES,
} from '../supervisor/board-layout.js'

export interface End {
  pid: number
  role: Role | undefined
  id: number
  /** As wait(2) gives it. */
  status: number
  startedMs: number
  endedMs: number
}

/** How often something has ended so. */
export interface EndCount {
  role: Role | undefined
  /** As wait(2) gives it; undefined for what had no room of its own. */
  status: number | undefined
  count: number
}

/** How long something has taken. */
export interface TimesTaken {
  count: number
  sumMs: number
  /** How many took less than 2 to the power of the place, in microseconds, and not less than half of that; the last: all longer ones. */
  buckets: number[]
}

type Words = (word: number) => number
export const wordsAt =
  (bytes: Buffer, at: number): Words =>
  (word) =>
    bytes.readDoubleLE(at + word * WORD_BYTES)

/** @param page the first of the board */
export function endsIn(page: Buffer): End[] {
  const count = wordsAt(page, 0)(ENDS)
  return Array.from({ length: Math.min(count, KEPT_ENDS) }, (_, back) => {
    const at = FIRST_END + ((count - 1 - back) % KEPT_ENDS) * END_WORDS
    const word = wordsAt(page, at * WORD_BYTES)
    return {
      pid: word(END_PID),
      role: ROLES[word(END_ROLE)],
      id: word(END_ID),
      status: word(END_STATUS),
      startedMs: word(END_STARTED_MS),
      endedMs: word(END_AT_MS),
    }
  })
}

export function endCountsIn(page: Buffer): EndCount[] {
  const word = wordsAt(page, 0)
  const counts: EndCount[] = []
  for (let at = FIRST_TALLY; at < LAST_TALLY && word(at) > 0; at += TALLY_WORDS)
    counts.push({ ...endOfKey(word(at)), count: word(at + 1) })
  const others = word(LAST_TALLY + 1)
  return others === 0 ? counts : [...counts, { role: undefined, status: undefined, count: others }]
}

export function timesIn(page: Buffer, first: number): TimesTaken {
  const word = wordsAt(page, first * WORD_BYTES)
  const buckets = Array.from({ length: TIME_BUCKETS + 1 }, (_, place) => word(2 + place))
  return { count: word(0), sumMs: word(1), buckets }
}
