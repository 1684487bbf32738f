/** Framing `delimiter:BYTES`: messages end with bytes of the user's choice. What comes after the last ones is a message too. */
import { GrowingBuffer } from '../connection/growing-buffer.js'
import { type Cutter, type Deliver, type Framing, tooLong } from './framing.js'

/** Memory that a connection keeps for its next message in pieces. */
const KEPT_BYTES = 64 * 1024

export class DelimiterCutter implements Cutter {
  readonly #delimiter: Buffer
  readonly #maxBytes: number
  /** The beginning of a message, from earlier chunks. */
  #held = new GrowingBuffer(0)

  constructor(delimiter: Buffer, maxBytes: number) {
    this.#delimiter = delimiter
    this.#maxBytes = maxBytes
  }

  get partial(): boolean {
    return this.#held.length > 0
  }

  take(chunk: Buffer, deliver: Deliver): string | undefined {
    const before = this.#held.length
    const bytes = this.#joined(chunk)
    let from = 0
    // it may lie across the border of two chunks
    let at = bytes.indexOf(this.#delimiter, Math.max(0, before - this.#delimiter.length + 1))
    for (; at >= 0; at = bytes.indexOf(this.#delimiter, from)) {
      if (at - from > this.#maxBytes) return this.#tooLong
      deliver(bytes.subarray(from, at))
      from = at + this.#delimiter.length
    }
    this.#hold(bytes.subarray(from))
    // some of what is held may be the beginning of the delimiter
    return this.#held.length - this.#delimiter.length >= this.#maxBytes ? this.#tooLong : undefined
  }

  finish(deliver: Deliver): string | undefined {
    const { bytes, length } = this.#held
    if (length > this.#maxBytes) return this.#tooLong
    if (length > 0) deliver(bytes.subarray(0, length))
    this.#held.clear()
    return undefined
  }

  get #tooLong(): string {
    return tooLong(this.#maxBytes)
  }

  #joined(chunk: Buffer): Buffer {
    const held = this.#held
    if (held.length === 0) return chunk
    held.add(chunk)
    return held.bytes.subarray(0, held.length)
  }

  #hold(rest: Buffer): void {
    const held = this.#held
    if (rest.buffer === held.bytes.buffer) {
      held.bytes.copyWithin(0, held.length - rest.length, held.length)
      held.length = rest.length
    } else held.add(rest)
    if (held.length === 0 && held.bytes.length > KEPT_BYTES) this.#held = new GrowingBuffer(0)
  }
}

export const delimitedBy = (delimiter: Buffer): Framing => ({
  cutter: (maxMessageBytes) => new DelimiterCutter(delimiter, maxMessageBytes),
  frame: (message) => Buffer.concat([message, delimiter]),
  delimiter,
})
