/** In the process of a connection that a proxy has made: who its client is, before anything of the handler runs. */
import type { Compilable } from '../../../engine/compile.js'
import { setTitle } from '../../../engine/title.js'
import type { ChildSetup } from '../../../fork/become-child.js'
import { hostOf } from '../../../libc/address.js'
import { introduce } from '../../../supervisor/introductions.js'
import type { ForkedConnection } from '../../../supervisor/plan.js'
import { hot as hotInGate, type ProxyGate, type Turning } from '../../proxy-protocol/gate.js'

/** Of the process; then the client, and the number of the connection. */
export const TITLE = 'tined: connection '

export const portOf = ({ peer }: ForkedConnection): number => (peer.family === 'unix' ? -1 : peer.port)

/**
 * Tells the supervisor, which tells whoever has to know, and shows it.
 *
 * @param imitated whether this is the supervisor itself, in a rehearsal
 * @throws {PosixError} {Error} it cannot be told
 */
export function introduceClient(client: ForkedConnection, imitated = false): void {
  setTitle(TITLE, portOf(client), client.id, hostOf(client.peer))
  introduce(client.introductions, client.peer, imitated)
}

/** What a proxy sends in a rehearsal: version 2, with IPv4. */
export const REHEARSED_HEADER = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n!\x11\0\f', 'latin1'),
  Buffer.from([192, 0, 2, 1, 192, 0, 2, 2, 0x12, 0x34, 0x12, 0x35]),
])

/** What runs for every connection behind a proxy, named for src/speed. */
export const hot: readonly Compilable[] = [introduceClient, fromProxy, ...hotInGate]

/** Waits for the header of the proxy. Returns undefined when there is none: the descriptor is closed then. */
export function fromProxy(
  forked: ForkedConnection,
  gate: ProxyGate,
  reactor: Turning,
  { deathSignal }: ChildSetup,
): ForkedConnection | undefined {
  const client = gate.await(forked, reactor)
  // what is forked dies with the supervisor
  if (client !== undefined) introduceClient(client, deathSignal === 0)
  return client
}
