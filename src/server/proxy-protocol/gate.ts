/** Where connections of proxies pass: each begins with a header, of which no handler sees anything. */
import { type Compilable, methodsOf } from '../../engine/compile.js'
import { formatAddress } from '../../libc/address.js'
import { peekNow } from '../../libc/stream.js'
import type { Reactor } from '../../reactor/reactor.js'
import type { Log } from '../../supervisor/log.js'
import type { Accepted } from '../connection/contract.js'
import { showFate } from '../connection/shown.js'
import { Arrival } from './arrival.js'
import { hot as hotInHeader } from './header.js'
import type { ProxyNetworks } from './networks.js'
import { Awaited, hot as hotInPassing, type Passage, Passing } from './passing.js'

/** How long a header may take from when its connection was accepted. */
const HEADER_MS = 10_000

/** Somebody who is no proxy has come where only proxies may. */
class NotAProxy extends Error {
  override readonly name = 'NotAProxy'
  readonly code = 'EACCES'
}

/** A reactor that is turned by whoever waits. */
export type Turning = Reactor & { turn(): void }

export class ProxyGate {
  /** Whether those who come are of our own. */
  rehearses = false
  readonly #networks: ProxyNetworks
  readonly #timeoutMs: number
  readonly #log: Log
  readonly #say: (client: Accepted, error: Error) => void

  /** @param firstByteTimeoutMs what a client has for its first byte; a header has no more. 0 for ever */
  constructor(networks: ProxyNetworks, firstByteTimeoutMs: number, log: Log) {
    this.#networks = networks
    this.#timeoutMs = firstByteTimeoutMs > 0 ? Math.min(firstByteTimeoutMs, HEADER_MS) : HEADER_MS
    this.#log = log
    this.#say = this.say.bind(this)
  }

  /** Takes the header of a connection that was accepted, and not a byte more. */
  accept<Client extends Accepted>(client: Client, reactor: Reactor, passage: Passage<Client>): void {
    const passing = new Passing(client, passage, this.#say)
    const arrival = new Arrival(client.fd, reactor, this.#timeoutMs, passing)
    passage.under(arrival)
    if (this.trusts(client)) arrival.take()
    else arrival.fail(new NotAProxy('connects from none of the networks that proxies are expected in'))
  }

  /** The same for a process that does nothing else meanwhile. Returns undefined when there is no such header. */
  await<Client extends Accepted>(client: Client, reactor: Turning): Client | undefined {
    const awaited = new Awaited<Client>()
    this.accept(client, reactor, awaited)
    while (awaited.waits) reactor.turn()
    return awaited.client
  }

  private trusts({ peer }: Accepted): boolean {
    return this.#networks.includes(peer) || this.rehearses
  }

  private say({ id, peer, row }: Accepted, error: Error & { code?: string }): void {
    showFate(row, error)
    // whoever goes away is everyday life
    if (error.code === 'ECONNRESET') return
    this.#log.info({ peer: formatAddress(peer), id }, `PROXY protocol: ${error.message}`)
  }
}

/** What runs for every connection, named for src/speed. */
export const hot: readonly Compilable[] = [
  ...methodsOf(ProxyGate, ['say']),
  Arrival,
  ...methodsOf(Arrival, ['fail', 'destroy', 'expire', 'ended']),
  Passing,
  ...methodsOf(Passing, ['refused']),
  Awaited,
  ...methodsOf(Awaited, ['failed']),
  ...hotInPassing,
  ...hotInHeader,
  peekNow,
]
