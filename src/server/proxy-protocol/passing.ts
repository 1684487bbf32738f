/** A connection that passes the gate: what becomes of its header is told to whoever serves it. */
import type { SocketAddress } from '../../libc/address.js'
import type { Accepted } from '../connection/contract.js'
import type { Handshake } from '../tls/endpoint.js'
import type { Settle } from './arrival.js'
import type { Relayed } from './relayed.js'

/** Who is told what becomes of a connection here; all of it, perhaps, before `accept` returns. */
export interface Passage<Client> {
  /** @param handshake is under way now */
  under(handshake: Handshake): void
  /** @param client as the header names it; the same where the proxy speaks for itself */
  passed(client: Client): void
  /** There is no such header; the descriptor is closed. */
  failed(): void
}

/** Logs why. */
type Say = (client: Accepted, error: Error) => void

export class Passing<Client extends Accepted> implements Settle {
  readonly #client: Client
  readonly #passage: Passage<Client>
  readonly #say: Say

  constructor(client: Client, passage: Passage<Client>, say: Say) {
    this.#client = client
    this.#passage = passage
    this.#say = say
  }

  arrived(relayed: Relayed | undefined): void {
    this.#passage.passed(relayed === undefined ? this.#client : named(this.#client, relayed))
  }

  refused(error: Error | undefined): void {
    if (error !== undefined) this.#say(this.#client, error)
    this.#passage.failed()
  }
}

const named = <Client extends Accepted>(client: Client, { source, destination }: Relayed): Client => ({
  ...client,
  peer: source,
  proxy: client.peer,
  destination,
})

/** For a process that does nothing else meanwhile. */
export class Awaited<Client extends { peer: SocketAddress }> implements Passage<Client> {
  declare waits: boolean
  declare client: Client | undefined

  constructor() {
    this.waits = true
    this.client = undefined
  }

  under(): void {
    // nobody else could break it off
  }

  passed(client: Client): void {
    this.client = client
    this.waits = false
  }

  failed(): void {
    this.waits = false
  }
}

/** What runs for every connection, named for src/speed. */
export const hot = [named]
