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
  ENDS,
  FORK_TIMES,
  HEAD_BYTES,
  OTHER_BYTES,
  peerAt,
  ROLES,
  ROWS,
  type Role,
  SLOTS,
  STORES,
  SYNC_TIMES,
  USED,
  VERSION,
  WORD_BYTES,
} from '../supervisor/board-layout.js'
import {
  answerTimesIn,
  type End,
  type EndCount,
  endCountsIn,
  endsIn,
  type SentSignal,
  signalCountsIn,
  signalsIn,
  type TimesTaken,
  timesIn,
  wordsAt,
} from './board-head.js'
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
  /** The last ones, newest first, and how many of each. */
  signals: SentSignal[]
  signalCounts: { signal: number; count: number }[]
  /** To fork a process, as its parent sees it; and of the store's writer to have a batch on disk. */
  forkTimes: TimesTaken
  syncTimes: TimesTaken
  /** From when bytes of a client were read until something was written to it: of some. */
  answerTimes: TimesTaken
  totals: Totals
  /** Then the kernel counts other bytes than the board. */
  countsOtherBytes: boolean
  /** Whether what clients send is stored. */
  isStore: boolean
}

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

/** Slots that a process is in. @param read reads so many bytes of the board, from there */
function slotsIn(read: (at: number, bytes: number) => Buffer, first: number, count: number): Shown[] {
  const shown: Shown[] = []
  for (let done = 0; done < count; done += AT_ONCE) {
    const bytes = read(HEAD_BYTES + (first + done) * SLOT_BYTES, Math.min(AT_ONCE, count - done) * SLOT_BYTES)
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
    // model single has but the one that was there
    forked: reaped + processes.filter(({ role }) => role !== 'single').length,
  }
}

/** @returns a number where it is another version's */
export function boardFrom(read: (at: number, bytes: number) => Buffer): Board | number {
  const head = read(0, HEAD_BYTES)
  const word = head.length < HEAD_BYTES ? () => 0 : wordsAt(head, 0)
  if (word(VERSION) !== BOARD_VERSION) return word(VERSION)
  const own = read(HEAD_BYTES, SLOT_BYTES)
  const used = wordsAt(own, 0)(USED)
  const processes = slotsIn(read, 1, Math.max(0, Math.min(used, word(SLOTS)) - 1))
  return {
    processes: new Map(processes.map((shown) => [shown.pid, shown])),
    rows: slotsIn(read, word(SLOTS), word(ROWS)),
    ends: endsIn(head),
    endCounts: endCountsIn(head),
    signals: signalsIn(head),
    signalCounts: signalCountsIn(head),
    forkTimes: timesIn(head, FORK_TIMES),
    syncTimes: timesIn(head, SYNC_TIMES),
    answerTimes: answerTimesIn(head),
    countsOtherBytes: word(OTHER_BYTES) === 1,
    isStore: word(STORES) === 1,
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
