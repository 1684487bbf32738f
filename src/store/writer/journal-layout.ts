/** Where what lies in the memory of a journal: words of its state, entries of a batch, two lists of who was not told. */

/** Messages of a batch: what one packet of a worker has at most, twice. */
export const JOURNAL_MESSAGES = 32_768
/** Numbers of an entry: connection, pid, message, end in the file. */
export const FIELDS = 4
/** Connections that may be known to have something on disk that they were not told. */
export const UNTOLD = 16_384
export const UNTOLD_FIELDS = 3
export const STATE_WORDS = 24
export const JOURNAL_BYTES = 8 * (STATE_WORDS + JOURNAL_MESSAGES * FIELDS + 2 * UNTOLD * UNTOLD_FIELDS)

/** State words. */
export const PHASE = 0
export const COUNT = 1
export const BASE = 2
export const ACTIVE = 3
/** And 5: one for each of the two lists. */
export const UNTOLD_COUNT = 4

/** A writer was at work: whatever is wrong with the file now does not keep the server from starting. */
export const BEGUN = 6
/** It was said that nothing is stored. */
export const FAILING = 7
/** Sequence number of the record before the batch. */
export const SEQ = 8
/** Which of two notes of the file as it was left counts; and where these are. */
export const LEFT = 9
export const LEFT_NOTES = 10
export const LEFT_FIELDS = 3
/** So many of the batch's records are on disk: their numbers are not given again, also when somebody else cuts the file before they are told of. */
export const SYNCED = 23

export const IDLE = 0
export const INTENDED = 1
/** The batch cannot be trusted to be on disk whatever the file says: to be cut. */
export const FAILED = 2
