/** What goes back to a client whose message is stored. */
import { durabilityOf } from './durability.js'
import type { Sequences } from './wire.js'

/**
 * - `echo`: the message, as it came.
 * - `sequence`: `SEQ DURABILITY TIME`, as in `7 disk 2026-01-31T12:00:00.123Z`: the number of its record, how durable it is, and when the
 *   writer took it. `-` for what is not known: the number and the time of what a writer has stored that was killed before it could say,
 *   and the number of what is in memory only.
 * - `none`: nothing. What is not stored is answered all the same.
 */
export const ACKS = ['echo', 'sequence', 'none'] as const

export type Ack = (typeof ACKS)[number]

/** @param index of the message among those that were stored together */
export function receipt(index: number, reached: number, stored: Sequences | undefined): string {
  const { sequences = [], atMs = 0 } = stored ?? {}
  const time = atMs > 0 ? new Date(atMs).toISOString() : '-'
  return `${sequences[index] ?? '-'} ${durabilityOf(reached) ?? '-'} ${time}`
}
