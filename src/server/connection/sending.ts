/** The sending half of a connection: what the kernel does not take at once is kept, and the half-close comes after all of it. */
import type { Reactor } from '../../reactor/reactor.js'
import { BYTES_WRITTEN, count } from '../../reactor/slot.js'
import type { ConnectionLimits } from './limits.js'
import type { Transport } from './transport.js'
import { refused, UnsentBytes } from './unsent-bytes.js'

/** Whose half it is. */
interface Owner {
  readonly lost: Error | undefined
  readonly reactor: Reactor
  readonly limits: ConnectionLimits
  /** It cannot be sent to any more. */
  lose(error: Error): void
  /** Bytes have left. */
  moved(bytes: number): void
}

export class Sending {
  state: 'open' | 'ending' | 'ended' = 'open'
  bytesWritten = 0
  readonly #transport: Transport
  readonly #owner: Owner
  /** Made when the kernel first refuses some: most connections never have one. */
  #unsent: UnsentBytes | undefined

  constructor(transport: Transport, owner: Owner) {
    this.#transport = transport
    this.#owner = owner
  }

  get queuedBytes(): number {
    return this.#unsent?.bytes ?? 0
  }

  write(bytes: Uint8Array): true | Promise<void> {
    let sent = 0
    if (this.queuedBytes === 0) {
      const taken = this.send(bytes)
      if (taken === undefined) return refused(this.#owner.lost)
      sent = taken
    }
    if (sent === bytes.length) return true
    const owner = this.#owner
    this.#unsent ??= new UnsentBytes(owner.limits, owner.reactor, (error) => owner.lose(error))
    return this.#unsent.push(sent === 0 ? bytes : bytes.subarray(sent))
  }

  /** The descriptor is writable. False when the connection was found lost. */
  flush(): boolean {
    return this.#unsent?.flush((bytes) => this.send(bytes)) !== false
  }

  /** Half-closes once all is sent: true when it does now. */
  endIfSent(reading: boolean): boolean {
    if (this.state !== 'ending' || this.queuedBytes > 0) return false
    this.state = 'ended'
    // closing, which follows at once when the client has ended too, says the same
    if (reading) this.#transport.shutdown()
    return true
  }

  /** Tells all who wait for what was written how it ended. */
  finish(): void {
    this.#unsent?.finish(this.#owner.lost)
  }

  /** Writes to the kernel; undefined when the connection was found lost. */
  private send(bytes: Uint8Array): number | undefined {
    try {
      const sent = this.#transport.send(bytes) ?? 0
      this.bytesWritten += sent
      count(BYTES_WRITTEN, sent)
      if (sent > 0) this.#owner.moved(sent)
      return sent
    } catch (error) {
      this.#owner.lose(error as Error)
      return undefined
    }
  }
}
