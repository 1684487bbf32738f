/** What lies before the slots of a scoreboard, read from another process: ends of processes, signals, and times that things took. */
import { MAX_SIGNAL } from '../libc/sigset.js'
import {
  ANSWER_SHARES,
  ANSWER_TIMES,
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
  FIRST_SIGNAL,
  FIRST_TALLY,
  KEPT_ENDS,
  KEPT_SIGNALS,
  LAST_TALLY,
  ROLES,
  type Role,
  SIGNAL_AT_MS,
  SIGNAL_COUNTS,
  SIGNAL_FROM,
  SIGNAL_NUMBER,
  SIGNAL_TO,
  SIGNAL_WORDS,
  SIGNALS,
  TALLY_WORDS,
  TIME_BUCKETS,
  TIME_WORDS,
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

/** One that the supervisor has sent, or that came to it; without SIGCHLD, which each end is told by. */
export interface SentSignal {
  /** Counts from 1. */
  number: number
  signal: number
  /** Pids as the supervisor knows them. 0 where the kernel does not tell who has sent it. */
  from: number
  to: number
  sentMs: number
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

/** A ring of the last ones, of which `counted` has how many there were: the newest first. */
function ring<Entry>(
  head: Buffer,
  { counted, first, kept, words }: { counted: number; first: number; kept: number; words: number },
  entry: (word: Words, number: number) => Entry,
): Entry[] {
  const count = wordsAt(head, 0)(counted)
  return Array.from({ length: Math.min(count, kept) }, (_, back) => {
    const number = count - back
    return entry(wordsAt(head, (first + ((number - 1) % kept) * words) * WORD_BYTES), number)
  })
}

/** @param head of the board, up to its slots */
export const endsIn = (head: Buffer): End[] =>
  ring(head, { counted: ENDS, first: FIRST_END, kept: KEPT_ENDS, words: END_WORDS }, (word) => ({
    pid: word(END_PID),
    role: ROLES[word(END_ROLE)],
    id: word(END_ID),
    status: word(END_STATUS),
    startedMs: word(END_STARTED_MS),
    endedMs: word(END_AT_MS),
  }))

export function endCountsIn(head: Buffer): EndCount[] {
  const word = wordsAt(head, 0)
  const counts: EndCount[] = []
  for (let at = FIRST_TALLY; at < LAST_TALLY && word(at) > 0; at += TALLY_WORDS)
    counts.push({ ...endOfKey(word(at)), count: word(at + 1) })
  const others = word(LAST_TALLY + 1)
  return others === 0 ? counts : [...counts, { role: undefined, status: undefined, count: others }]
}

/** The last ones, newest first. */
export const signalsIn = (head: Buffer): SentSignal[] =>
  ring(head, { counted: SIGNALS, first: FIRST_SIGNAL, kept: KEPT_SIGNALS, words: SIGNAL_WORDS }, (word, number) => ({
    number,
    signal: word(SIGNAL_NUMBER),
    from: word(SIGNAL_FROM),
    to: word(SIGNAL_TO),
    sentMs: word(SIGNAL_AT_MS),
  }))

const SIGNAL_NUMBERS = Array.from({ length: MAX_SIGNAL }, (_, place) => place + 1)

/** How many of each, by its number; those that there were. */
export function signalCountsIn(head: Buffer): { signal: number; count: number }[] {
  const word = wordsAt(head, 0)
  return SIGNAL_NUMBERS.map((signal) => ({ signal, count: word(SIGNAL_COUNTS + signal) })).filter(
    ({ count }) => count > 0,
  )
}

/** The sum of all shares. */
export function answerTimesIn(head: Buffer): TimesTaken {
  const shares = Array.from({ length: ANSWER_SHARES }, (_, share) => timesIn(head, ANSWER_TIMES + share * TIME_WORDS))
  const sum = (of: (times: TimesTaken) => number): number => shares.reduce((total, each) => total + of(each), 0)
  return {
    count: sum(({ count }) => count),
    sumMs: sum(({ sumMs }) => sumMs),
    buckets: Array.from({ length: TIME_BUCKETS + 1 }, (_, place) => sum(({ buckets }) => buckets[place] as number)),
  }
}

export function timesIn(head: Buffer, first: number): TimesTaken {
  const word = wordsAt(head, first * WORD_BYTES)
  const buckets = Array.from({ length: TIME_BUCKETS + 1 }, (_, place) => word(2 + place))
  return { count: word(0), sumMs: word(1), buckets }
}
