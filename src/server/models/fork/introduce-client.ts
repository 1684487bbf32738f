/** In the process of a connection that a proxy has made: who its client is, before anything of the handler runs. */
import { setTitle } from '../../../engine/title.js'
import { hostOf } from '../../../libc/address.js'
import { introduce } from '../../../supervisor/introductions.js'
import type { ForkedConnection } from '../../../supervisor/plan.js'
import type { ProxyGate, Turning } from '../../proxy-protocol/gate.js'

/** Of the process; then the client, and the number of the connection. */
export const TITLE = 'tined: connection '

export const portOf = ({ peer }: ForkedConnection): number => (peer.family === 'unix' ? -1 : peer.port)

/** Tells the supervisor, which tells whoever has to know, and shows it. @throws {PosixError} {Error} it cannot be told */
export function introduceClient(client: ForkedConnection): void {
  setTitle(TITLE, portOf(client), client.id, hostOf(client.peer))
  introduce(client.introductions, client.peer)
}

/** Waits for the header of the proxy. Returns undefined when there is none: the descriptor is closed then. */
export function fromProxy(forked: ForkedConnection, gate: ProxyGate, reactor: Turning): ForkedConnection | undefined {
  const client = gate.await(forked, reactor)
  if (client !== undefined) introduceClient(client)
  return client
}
