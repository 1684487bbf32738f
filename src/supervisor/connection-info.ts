/** What is told of a connection, read from its slot of the scoreboard. */
import { BYTES_READ, BYTES_WRITTEN, MESSAGES, STARTED_MS } from '../reactor/slot.js'
import type { ConnectionInfo } from './channel.js'

/** @param word reads a word of the slot */
export const readInfo = (
  { id, peer, pid }: Pick<ConnectionInfo, 'id' | 'peer' | 'pid'>,
  word: (which: number) => number,
): ConnectionInfo => ({
  id,
  peer,
  pid,
  startedMs: word(STARTED_MS),
  bytesRead: word(BYTES_READ),
  bytesWritten: word(BYTES_WRITTEN),
  messages: word(MESSAGES),
})
