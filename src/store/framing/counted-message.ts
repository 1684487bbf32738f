/** A message whose length came before it, put together from the chunks that its bytes come in. */
import { GrowingBuffer } from '../connection/growing-buffer.js'
import type { Deliver } from './framing.js'

/** Memory that a connection keeps for its next message in pieces. */
const KEPT_BYTES = 64 * 1024

const NOTHING = Buffer.of()

export class CountedMessage {
  /** What came in earlier chunks. It grows with them: a length that is a lie costs nothing. */
  #held = new GrowingBuffer(0)
  #lengthBytes = 0
  #lackingBytes = 0
  #refused: string | undefined
  #begun = false

  /** Whether a message is under way. */
  get begun(): boolean {
    return this.#begun
  }

  /** @param refused why nothing of it is kept, if so; told once it has come */
  begin(lengthBytes: number, refused?: string): void {
    this.#begun = true
    this.#lengthBytes = lengthBytes
    this.#lackingBytes = lengthBytes
    this.#refused = refused
  }

  /** Takes what is the message's from `at` on. @returns where that ends */
  take(chunk: Buffer, at: number, deliver: Deliver): number {
    const piece = chunk.subarray(at, at + this.#lackingBytes)
    this.#lackingBytes -= piece.length
    if (this.#lackingBytes === 0) this.#complete(piece, deliver)
    else if (this.#refused === undefined) this.#held.add(piece)
    return at + piece.length
  }

  /** `3 of 10 bytes` */
  get progress(): string {
    return `${this.#lengthBytes - this.#lackingBytes} of ${this.#lengthBytes} bytes`
  }

  #complete(piece: Buffer, deliver: Deliver): void {
    this.#begun = false
    const held = this.#held
    if (this.#refused !== undefined) {
      deliver(NOTHING, this.#refused)
      return
    }
    if (held.length === 0) {
      deliver(piece)
      return
    }
    held.add(piece)
    deliver(held.bytes.subarray(0, held.length))
    if (held.bytes.length > KEPT_BYTES) this.#held = new GrowingBuffer(0)
    else held.clear()
  }
}
