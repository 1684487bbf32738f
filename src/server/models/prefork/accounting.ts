/** What a worker shows of itself on the scoreboard, and how it is counted, from one client to the next. */
import { acceptedPeer } from '../../../libc/socket.js'
import {
  BUSY,
  CONNECTION,
  CONNECTIONS,
  DESCRIPTOR,
  EXTENDED_UNTIL_MS,
  IDLE,
  STARTED_MS,
  STATE,
  show,
} from '../../../reactor/slot.js'
import { sendLine } from '../../../supervisor/channel.js'
import type { ForkedWorker } from '../../../supervisor/plan.js'
import type { Accepted } from '../../connection/contract.js'
import type { ProxyGate, Turning } from '../../proxy-protocol/gate.js'
import { endOf, type Known } from '../connection-info.js'

/** A client of this worker. */
export type Taken = Accepted & Known

/** It has started: clients may come. */
export function begin({ spares }: ForkedWorker): void {
  show(STATE, IDLE)
  spares.ready()
}

/** It has accepted a client. The count goes down first: one that dies in between is counted as gone twice, not as free. */
export function take({ board, spares, row, pid }: ForkedWorker, fd: number): Taken {
  const id = board.accept()
  spares.taken()
  const accepted = { fd, id, peer: acceptedPeer(), row: board.enter(row, pid, id, fd) }
  show(CONNECTION, id)
  show(STARTED_MS, accepted.row.word(STARTED_MS))
  show(EXTENDED_UNTIL_MS, 0)
  show(STATE, BUSY)
  show(CONNECTIONS, 1)
  return accepted
}

/**
 * Waits for the header of its proxy, which says who it is.
 *
 * @returns undefined when there is none: the descriptor is closed then
 */
export function awaitHeader(
  { board, row }: ForkedWorker,
  taken: Taken,
  gate: ProxyGate,
  reactor: Turning,
): Taken | undefined {
  const client = gate.await(taken, reactor)
  if (client !== undefined) board.nameClient(row, client.peer)
  return client
}

/** Its client is gone. */
export function served(): void {
  show(CONNECTIONS, 0)
  show(DESCRIPTOR, -1)
}

/** It waits for the next. Of its last client its own end tells, with the status of the process. */
export function free({ board, spares, row, pid, ends }: ForkedWorker, last: Known): void {
  if (ends !== undefined) sendLine(ends, { type: 'ended', connection: endOf(last, pid) })
  board.leave(row)
  show(STATE, IDLE)
  spares.freed()
}
