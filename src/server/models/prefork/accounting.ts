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
import type { ForkedWorker } from '../../../supervisor/plan.js'
import type { Accepted } from '../../connection/contract.js'

/** It has started: clients may come. */
export function begin({ spares }: ForkedWorker): void {
  show(STATE, IDLE)
  spares.ready()
}

/** It has accepted a client. The count goes down first: one that dies in between is counted as gone twice, not as free. */
export function take({ board, spares, slot }: ForkedWorker, fd: number): Accepted {
  const id = board.accept()
  spares.taken()
  show(CONNECTION, id)
  show(STARTED_MS, Date.now())
  show(EXTENDED_UNTIL_MS, 0)
  board.showPeer(slot)
  show(STATE, BUSY)
  show(CONNECTIONS, 1)
  return { fd, id, peer: acceptedPeer() }
}

/** Its client is gone. */
export function served(): void {
  show(CONNECTIONS, 0)
  show(DESCRIPTOR, -1)
}

/** It waits for the next. */
export function free({ spares }: ForkedWorker): void {
  show(STATE, IDLE)
  spares.freed()
}
