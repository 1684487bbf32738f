/** Messages of any bytes between their arrival and their fate. No system calls. */
import type { Outgoing } from '../connection/link.js'
import type { Packet } from '../connection/outbox.js'
import { type Durability, durabilityCode } from '../durability.js'
import { withFields } from '../fields.js'
import { CONTINUES, FIELDS, LENGTH_BYTES, LENGTHS, PAYLOAD_BYTES, wantedFlag } from '../wire.js'

/** Messages whose fate may be unknown while further ones are sent: for the acknowledgement of each on its own there is room. */
const WINDOW_MESSAGES = 256

const payload = Buffer.allocUnsafeSlow(PAYLOAD_BYTES)

export interface MessageOptions {
  /** A JSON object. */
  fields?: string | undefined
  /** Left out for what the writer's option says. */
  durability?: Durability | undefined
}

interface Message {
  bytes: Buffer
  flags: number
}

export class MessageOutbox implements Outgoing {
  /** Messages from number `acknowledged + 1` on. */
  readonly #messages: Message[] = []
  #bytes = 0
  #acknowledged = 0
  /** Messages that were sent whole. */
  #sent = 0
  /** Bytes of the next one that were sent; undefined when it has not begun. */
  #sentBytes: number | undefined

  get acknowledged(): number {
    return this.#acknowledged
  }

  get backlog(): boolean {
    return this.#sent < this.#acknowledged + this.#messages.length
  }

  get answered(): boolean {
    return this.#messages.length === 0
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#bytes
  }

  add(message: Buffer, { fields, durability }: MessageOptions = {}): void {
    const flags = LENGTHS | wantedFlag(durabilityCode(durability))
    const bytes = fields === undefined ? message : withFields(message, fields)
    this.#messages.push({ bytes, flags: fields === undefined ? flags : flags | FIELDS })
    this.#bytes += bytes.length
  }

  next(): Packet | undefined {
    const message = this.#sent + 1
    const kind = this.#next?.flags
    const flags = (kind ?? 0) | (this.#sentBytes === undefined ? 0 : CONTINUES)
    let length = 0
    while (this.#next?.flags === kind && kind !== undefined && this.#sent - this.#acknowledged < WINDOW_MESSAGES) {
      const added = this.#addTo(length)
      if (added === 0) break
      length += added
      if (this.#sentBytes !== undefined) break
    }
    return length === 0
      ? undefined
      : { payload: payload.subarray(0, length), message, flags, ends: this.#sent - message + 1 }
  }

  /** The first that is not sent whole. */
  get #next(): Message | undefined {
    return this.#messages[this.#sent - this.#acknowledged]
  }

  /** Adds what there is room for of the next message; returns how much that was. */
  #addTo(length: number): number {
    const { bytes } = this.#next as Message
    let at = length
    if (this.#sentBytes === undefined) {
      // a length is never the last in a packet, unless it is that of an empty message
      if (PAYLOAD_BYTES - at < LENGTH_BYTES + Math.min(1, bytes.length)) return 0
      at = payload.writeUInt32LE(bytes.length, at)
      this.#sentBytes = 0
    }
    const copied = bytes.copy(payload, at, this.#sentBytes)
    this.#sentBytes += copied
    if (this.#sentBytes === bytes.length) {
      this.#sent++
      this.#sentBytes = undefined
    }
    return at + copied - length
  }

  /** Lets go of the messages up to number `through`, and returns how many those are. */
  acknowledge(through: number): number {
    const count = Math.max(0, through - this.#acknowledged)
    for (const { bytes } of this.#messages.splice(0, count)) this.#bytes -= bytes.length
    this.#acknowledged += count
    // a new writer knew more than its predecessor had told
    if (this.#sent < this.#acknowledged) this.rewind()
    return count
  }

  rewind(): void {
    this.#sent = this.#acknowledged
    this.#sentBytes = undefined
  }
}
