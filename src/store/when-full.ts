/** What is done with messages that cannot be stored, because a disk is full for example. */
import { BackOff } from '../supervisor/back-off.js'

/**
 * - `reject`: their senders are told, with an error line for each.
 * - `wait`: nobody is answered until they can be stored, and what comes meanwhile waits in its sender: nothing is read from clients once
 *   little room is taken for them.
 */
export const WHEN_FULL = ['reject', 'wait'] as const

export type WhenFull = (typeof WHEN_FULL)[number]

const FIRST_MS = 20
const LONGEST_MS = 1000

/** How long to wait between attempts. */
export const untilRoom = (): BackOff => new BackOff(FIRST_MS, LONGEST_MS)

export const STORING_AGAIN = 'storing again'

/** For the log. */
export const notStored = (whenFull: WhenFull, error: Error): string =>
  whenFull === 'wait'
    ? `not stored: messages wait, and nobody is answered, until they can be again: ${error.message}`
    : `not stored, and the senders are told, until it can be again: ${error.message}`
