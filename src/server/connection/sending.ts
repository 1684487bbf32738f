/** The sending half of a connection: what the kernel does not take at once is kept, and the half-close comes after all of it. */
import { nowMs } from '../../libc/clock.js'
import type { Reactor } from '../../reactor/reactor.js'
import { BYTES_WRITTEN, count, MESSAGES, shown } from '../../reactor/slot.js'
import { countAnswer } from '../../supervisor/answer-times.js'
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

/** No small integer: a field that begins as one and becomes another number makes V8 throw away what it has optimised. */
const NOBODY = -0.5

/** To ask for the time twice costs a tenth of a short message: it is done for the first one of a process, and one of so many after it. */
const ONE_OF = 16

export class Sending {
  state: 'open' | 'ending' | 'ended' = 'open'
  bytesWritten = 0
  /** When bytes were read that nothing was written after. */
  #askedMs = NOBODY
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

  /** Bytes came, and were counted: of some it is looked how long it takes until others leave. */
  asked(): void {
    if ((shown(MESSAGES) & (ONE_OF - 1)) === 1 && this.#askedMs === NOBODY) this.#askedMs = nowMs()
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

  private answered(): void {
    countAnswer(nowMs() - this.#askedMs)
    this.#askedMs = NOBODY
  }

  /** Writes to the kernel; undefined when the connection was found lost. */
  private send(bytes: Uint8Array): number | undefined {
    try {
      const sent = this.#transport.send(bytes) ?? 0
      this.bytesWritten += sent
      count(BYTES_WRITTEN, sent)
      if (sent === 0) return 0
      if (this.#askedMs !== NOBODY) this.answered()
      this.#owner.moved(sent)
      return sent
    } catch (error) {
      this.#owner.lose(error as Error)
      return undefined
    }
  }
}
