/** What is told of a connection that lives beside others in a process. */
import { formatAddress, type SocketAddress } from '../../libc/address.js'
import { BYTES_READ, BYTES_WRITTEN, FATE, MESSAGES, type Slot, STARTED_MS } from '../../reactor/slot.js'
import type { ConnectionEnd, ConnectionInfo } from '../../supervisor/channel.js'
import { fateOf } from '../../supervisor/fate.js'

/** What a model knows of it from its first moment. */
export interface Known {
  readonly id: number
  readonly peer: SocketAddress
  readonly row: Slot
}

export const infoOf = ({ id, peer, row }: Known, pid: number): ConnectionInfo => ({
  id,
  peer: formatAddress(peer),
  pid,
  startedMs: row.word(STARTED_MS),
  bytesRead: row.word(BYTES_READ),
  bytesWritten: row.word(BYTES_WRITTEN),
  messages: row.word(MESSAGES),
})

export const endOf = (known: Known, pid: number): ConnectionEnd => ({
  ...infoOf(known, pid),
  ...fateOf(known.row.word(FATE)),
  ms: Date.now() - known.row.word(STARTED_MS),
})
