/** The scoreboard of a supervisor, read from another process. */
import { closeSync, openSync, readSync } from 'node:fs'
import { formatAddress } from '../libc/address.js'
import {
  BYTES_READ,
  BYTES_WRITTEN,
  CONNECTION,
  CONNECTIONS,
  DESCRIPTOR,
  MESSAGES,
  PEER,
  PID,
  ROLE,
  SLOT_WORDS,
  STARTED_MS,
  STATE,
} from '../reactor/slot.js'
import {
  ACCEPTED,
  BOARD_NAME,
  BOARD_VERSION,
  ENCRYPTED,
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
  FIRST_PAGE_BYTES,
  FIRST_TALLY,
  FORK_TIMES,
  KEPT_ENDS,
  LAST_TALLY,
  peerAt,
  ROLES,
  ROWS,
  type Role,
  SLOTS,
  SYNC_TIMES,
  TALLY_WORDS,
  TIME_BUCKETS,
  USED,
  VERSION,
  WORD_BYTES,
} from '../supervisor/board-layout.js'
import { descriptorNumbersOf, type Refused, targetOf } from './read.js'

const SLOT_BYTES = SLOT_WORDS * WORD_BYTES
/** Slots read at once: a board may have room for a million. */
const AT_ONCE = 8192

/** What a process shows of itself, or a worker of a connection. */
export interface Shown {
  pid: number
  role: Role | undefined
  id: number
  descriptor: number
  startedMs: number
  bytesRead: number
  bytesWritten: number
  messages: number
  connections: number
  state: number
  /** `127.0.0.1:51234`, escaped for people; only of a connection. */
  client: string
}

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

/** What a server counts of itself since it was ready. */
export interface Totals {
  /** Of all connections, those that have ended included. */
  bytesRead: number
  bytesWritten: number
  messages: number
  /** By workers; 0 in model `fork`, where the supervisor accepts, and numbers its connections from 1. */
  accepted: number
  /** Processes that were reaped. */
  reaped: number
  /** Processes that were forked: those that were reaped, and those that run. */
  forked: number
}

export interface Board {
  /** By pid, as the supervisor knows it. */
  processes: Map<number, Shown>
  /** Connections of workers. */
  rows: Shown[]
  /** The last ones, newest first. */
  ends: End[]
  endCounts: EndCount[]
  /** To fork a process, as its parent sees it; and of the store's writer to have a batch on disk. */
  forkTimes: TimesTaken
  syncTimes: TimesTaken
  totals: Totals
  /** Then the kernel counts other bytes than the board. */
  isEncrypted: boolean
}

type Words = (word: number) => number
const wordsAt =
  (bytes: Buffer, at: number): Words =>
  (word) =>
    bytes.readDoubleLE(at + word * WORD_BYTES)

function shownAt(bytes: Buffer, at: number): Shown {
  const word = wordsAt(bytes, at)
  const peer = at + PEER * WORD_BYTES
  return {
    pid: word(PID),
    role: ROLES[word(ROLE)],
    id: word(CONNECTION),
    descriptor: word(DESCRIPTOR),
    startedMs: word(STARTED_MS),
    bytesRead: word(BYTES_READ),
    bytesWritten: word(BYTES_WRITTEN),
    messages: word(MESSAGES),
    connections: word(CONNECTIONS),
    state: word(STATE),
    client: bytes.readUInt16LE(peer) === 0 ? '' : formatAddress(peerAt(bytes, peer)),
  }
}

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

function endCountsIn(page: Buffer): EndCount[] {
  const word = wordsAt(page, 0)
  const counts: EndCount[] = []
  for (let at = FIRST_TALLY; at < LAST_TALLY && word(at) > 0; at += TALLY_WORDS)
    counts.push({ ...endOfKey(word(at)), count: word(at + 1) })
  const others = word(LAST_TALLY + 1)
  return others === 0 ? counts : [...counts, { role: undefined, status: undefined, count: others }]
}

function timesIn(page: Buffer, first: number): TimesTaken {
  const word = wordsAt(page, first * WORD_BYTES)
  const buckets = Array.from({ length: TIME_BUCKETS + 1 }, (_, place) => word(2 + place))
  return { count: word(0), sumMs: word(1), buckets }
}

/** Slots that a process is in. @param read reads so many bytes of the board, from there */
function slotsIn(read: (at: number, bytes: number) => Buffer, first: number, count: number): Shown[] {
  const shown: Shown[] = []
  for (let done = 0; done < count; done += AT_ONCE) {
    const bytes = read(FIRST_PAGE_BYTES + (first + done) * SLOT_BYTES, Math.min(AT_ONCE, count - done) * SLOT_BYTES)
    for (let at = 0; at + SLOT_BYTES <= bytes.length; at += SLOT_BYTES)
      if (bytes.readDoubleLE(at + PID * WORD_BYTES) > 0) shown.push(shownAt(bytes, at))
  }
  return shown
}

/** @param slot the supervisor's: there is what ended ones have counted */
function totalsOf(slot: Buffer, reaped: number, processes: readonly Shown[]): Totals {
  const ended = wordsAt(slot, 0)
  const sum = (of: (shown: Shown) => number): number => processes.reduce((total, shown) => total + of(shown), 0)
  return {
    bytesRead: ended(BYTES_READ) + sum(({ bytesRead }) => bytesRead),
    bytesWritten: ended(BYTES_WRITTEN) + sum(({ bytesWritten }) => bytesWritten),
    messages: ended(MESSAGES) + sum(({ messages }) => messages),
    accepted: Number(slot.readBigInt64LE(ACCEPTED * WORD_BYTES)),
    reaped,
    forked: reaped + processes.length,
  }
}

/** @returns a number where it is another version's */
export function boardFrom(read: (at: number, bytes: number) => Buffer): Board | number {
  const page = read(0, FIRST_PAGE_BYTES)
  const word = page.length < FIRST_PAGE_BYTES ? () => 0 : wordsAt(page, 0)
  if (word(VERSION) !== BOARD_VERSION) return word(VERSION)
  const own = read(FIRST_PAGE_BYTES, SLOT_BYTES)
  const used = wordsAt(own, 0)(USED)
  const processes = slotsIn(read, 1, Math.max(0, Math.min(used, word(SLOTS)) - 1))
  return {
    processes: new Map(processes.map((shown) => [shown.pid, shown])),
    rows: slotsIn(read, word(SLOTS), word(ROWS)),
    ends: endsIn(page),
    endCounts: endCountsIn(page),
    forkTimes: timesIn(page, FORK_TIMES),
    syncTimes: timesIn(page, SYNC_TIMES),
    isEncrypted: word(ENCRYPTED) === 1,
    totals: totalsOf(own, word(ENDS), processes),
  }
}

/** The board of a supervisor, or in words why there is none. */
export function readBoard(supervisor: number, refused: Refused): Board | string {
  const isBoard = (fd: number): boolean =>
    targetOf(supervisor, fd, refused)?.startsWith(`/memfd:${BOARD_NAME} `) ?? false
  const descriptor = descriptorNumbersOf(supervisor, refused).find(isBoard)
  if (refused.has(supervisor)) return 'the scoreboard may not be read: it is another user’s'
  if (descriptor === undefined)
    return 'the server has no scoreboard for others: memfd_create is refused there, or it is of an older version'
  let file: number
  try {
    file = openSync(`/proc/${supervisor}/fd/${descriptor}`, 'r')
  } catch (error) {
    return `the scoreboard cannot be read: ${(error as Error).message}`
  }
  try {
    const board = boardFrom((at, length) => {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(file, bytes, 0, length, at))
    })
    if (typeof board === 'object') return board
    return `the scoreboard is version ${board}, and this tined reads version ${BOARD_VERSION}`
  } finally {
    closeSync(file)
  }
}
