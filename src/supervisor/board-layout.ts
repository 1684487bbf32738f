/**
 * How a scoreboard lies in its memory, for whoever reads it from another process: a page with the numbers below, the last ends and the
 * last signals, a page with times, then the slots of src/reactor/slot.ts. What is changed here or there changes the version, so that
 * nobody misreads another's.
 */
import { decodeSockaddr, type SocketAddress } from '../libc/address.js'
import { AF_UNIX } from '../libc/constants.js'
import { PEER_BYTES } from '../libc/socket.js'

/** Of the memory file; `/memfd:tined-scoreboard (deleted)` in /proc/PID/fd. memfd_create(2) */
export const BOARD_NAME = 'tined-scoreboard'
export const BOARD_VERSION = 3

/** In the order of their numbers on the board. */
export const ROLES = ['connection', 'writer', 'worker', 'page', 'prefork', 'single', 'forwarder'] as const
export type Role = (typeof ROLES)[number]

export const WORD_BYTES = 8
const PAGE_BYTES = 4096
/** Before the slots. */
export const HEAD_BYTES = 2 * PAGE_BYTES

/** Words of the first page. */
export const VERSION = 0
/** Slots of processes, the supervisor's and the spare one included. */
export const SLOTS = 1
/** Slots after those, for connections of workers. */
export const ROWS = 2
/** Processes that were reaped so far. */
export const ENDS = 3
/** 1 where the kernel counts other bytes than the board: connections are encrypted, or begin with a proxy's header. */
export const OTHER_BYTES = 4
/** Signals that the supervisor has sent or was sent so far, without SIGCHLD. */
export const SIGNALS = 5
/** 1 where clients' messages are stored. */
export const STORES = 6
export const FIRST_END = 16

/** The last processes that have ended, in a ring. */
export const KEPT_ENDS = 16
export const END_WORDS = 8
/** Words of an end. */
export const END_PID = 0
export const END_ROLE = 1
export const END_ID = 2
export const END_STATUS = 3
export const END_STARTED_MS = 4
export const END_AT_MS = 5

/** All that have ended, by role and status: pairs of END_KEY and END_COUNT, a key of 0 for one that is free. The last pair is for what found none. */
export const FIRST_TALLY = FIRST_END + KEPT_ENDS * END_WORDS
export const TALLIES = 64
export const TALLY_WORDS = 2
export const LAST_TALLY = FIRST_TALLY + (TALLIES - 1) * TALLY_WORDS
const STATUSES = 0x1_0000

/** @param role its number in ROLES @param status as wait(2) gives it */
export const endKey = (role: number, status: number): number => 1 + role * STATUSES + status
export const endOfKey = (key: number): { role: Role | undefined; status: number } => ({
  role: ROLES[Math.floor((key - 1) / STATUSES)],
  status: (key - 1) % STATUSES,
})

/** Times that something has taken: how often, the sum in milliseconds, and how many took less than 2 to the power of 0, 1, … microseconds. */
export const FORK_TIMES = LAST_TALLY + TALLY_WORDS
export const TIME_BUCKETS = 21
export const TIME_WORDS = 2 + TIME_BUCKETS + 1
/** Of the store's writer: to have a batch on disk. */
export const SYNC_TIMES = FORK_TIMES + TIME_WORDS

/** The last signals, in a ring. */
export const FIRST_SIGNAL = SYNC_TIMES + TIME_WORDS
export const KEPT_SIGNALS = 24
export const SIGNAL_WORDS = 4
/** Words of a signal: its number, the pid that sent it (0 for one that the kernel does not tell), the pid that it was sent to, and when. */
export const SIGNAL_NUMBER = 0
export const SIGNAL_FROM = 1
export const SIGNAL_TO = 2
export const SIGNAL_AT_MS = 3
/** All of them, by their number: a word for each, from that of 0, which is none. */
export const SIGNAL_COUNTS = FIRST_SIGNAL + KEPT_SIGNALS * SIGNAL_WORDS

/**
 * The second page: from when bytes of a client were read until something was written to it, as FORK_TIMES has times. Each process adds
 * to the share that its slot falls to, so that few write to the same words; the sum of all is meant.
 */
export const ANSWER_TIMES = PAGE_BYTES / WORD_BYTES
export const ANSWER_SHARES = Math.floor(PAGE_BYTES / WORD_BYTES / TIME_WORDS)

/** In the supervisor's slot: the first slot that was never used. */
export const USED = 2
/** There: connections that workers have accepted, a 64-bit integer, as several processes count it. */
export const ACCEPTED = 11

/** The client in a slot whose word PEER is at byte `at`. Of one at a unix socket the board has no name. */
export function peerAt(memory: Buffer, at: number): SocketAddress {
  const sockaddr = memory.subarray(at, at + PEER_BYTES)
  return decodeSockaddr(sockaddr, sockaddr.readUInt16LE(0) === AF_UNIX ? 2 : PEER_BYTES)
}
