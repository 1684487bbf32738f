/** Where connections of proxies pass: each begins with a header, of which no handler sees anything. */
import { formatAddress } from '../../libc/address.js'
import type { Reactor } from '../../reactor/reactor.js'
import type { Log } from '../../supervisor/log.js'
import type { Accepted } from '../connection/contract.js'
import { showFate } from '../connection/shown.js'
import type { Handshake } from '../tls/endpoint.js'
import { Arrival } from './arrival.js'
import type { ProxyNetworks } from './networks.js'
import type { Relayed } from './relayed.js'

/** How long a header may take from when its connection was accepted. */
const HEADER_MS = 10_000

/** Somebody who is no proxy has come where only proxies may. */
class NotAProxy extends Error {
  override readonly name = 'NotAProxy'
  readonly code = 'EACCES'
}

/** Who is told what becomes of a connection here; all of it, perhaps, before `accept` returns. */
export interface Passage<Client> {
  /** @param handshake is under way now */
  under(handshake: Handshake): void
  /** @param client as the header names it; the same where the proxy speaks for itself */
  passed(client: Client): void
  /** There is no such header; the descriptor is closed. */
  failed(): void
}

/** A reactor that is turned by whoever waits. */
export type Turning = Reactor & { turn(): void }

export class ProxyGate {
  readonly #networks: ProxyNetworks
  readonly #timeoutMs: number
  readonly #log: Log

  /** @param firstByteTimeoutMs what a client has for its first byte; a header has no more. 0 for ever */
  constructor(networks: ProxyNetworks, firstByteTimeoutMs: number, log: Log) {
    this.#networks = networks
    this.#timeoutMs = firstByteTimeoutMs > 0 ? Math.min(firstByteTimeoutMs, HEADER_MS) : HEADER_MS
    this.#log = log
  }

  /** Takes the header of a connection that was accepted, and not a byte more. */
  accept<Client extends Accepted>(client: Client, reactor: Reactor, { under, passed, failed }: Passage<Client>): void {
    const arrival = new Arrival(client.fd, reactor, this.#timeoutMs, {
      arrived: (relayed) => passed(relayed === undefined ? client : named(client, relayed)),
      failed: (error) => {
        if (error !== undefined) this.#say(client, error)
        failed()
      },
    })
    under(arrival)
    if (this.#networks.includes(client.peer)) arrival.take()
    else arrival.fail(new NotAProxy('connects from none of the networks that proxies are expected in'))
  }

  /** The same for a process that does nothing else meanwhile. Returns undefined when there is no such header. */
  await<Client extends Accepted>(client: Client, reactor: Turning): Client | undefined {
    let found: Client | undefined
    let waits = true
    this.accept(client, reactor, {
      under() {},
      passed(by) {
        found = by
        waits = false
      },
      failed() {
        waits = false
      },
    })
    while (waits) reactor.turn()
    return found
  }

  #say({ id, peer, row }: Accepted, error: Error & { code?: string }): void {
    showFate(row, error)
    // whoever goes away is everyday life
    if (error.code === 'ECONNRESET') return
    this.#log.info({ peer: formatAddress(peer), id }, `PROXY protocol: ${error.message}`)
  }
}

const named = <Client extends Accepted>(client: Client, { source, destination }: Relayed): Client => ({
  ...client,
  peer: source,
  proxy: client.peer,
  destination,
})
