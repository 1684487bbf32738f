/** Framing `length`: the length of each message before it, 4 bytes, big-endian. */
import { CountedMessage } from './counted-message.js'
import { type Cutter, type Deliver, type Framing, MOST_MESSAGE_BYTES, tooLong } from './framing.js'

const HEAD_BYTES = 4

class LengthCutter implements Cutter {
  readonly #maxBytes: number
  readonly #message = new CountedMessage()
  readonly #head = Buffer.alloc(HEAD_BYTES)
  #headBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get partial(): boolean {
    return this.#message.begun || this.#headBytes > 0
  }

  take(chunk: Buffer, deliver: Deliver): string | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (!this.#message.begun) {
        const copied = chunk.copy(this.#head, this.#headBytes, at)
        this.#headBytes += copied
        at += copied
        if (this.#headBytes < HEAD_BYTES) return undefined
        this.#headBytes = 0
        const length = this.#head.readUInt32BE()
        const refused =
          length > this.#maxBytes ? `${tooLong(this.#maxBytes)}: the four bytes before it say ${length}` : undefined
        if (length > MOST_MESSAGE_BYTES) return refused
        this.#message.begin(length, refused)
      }
      at = this.#message.take(chunk, at, deliver)
    }
    return undefined
  }

  finish(): string | undefined {
    if (this.#message.begun) return `message not complete: ${this.#message.progress} came`
    return this.#headBytes > 0 ? `message not complete: ${this.#headBytes} of 4 bytes of its length came` : undefined
  }
}

export const length: Framing = {
  cutter: (maxMessageBytes) => new LengthCutter(maxMessageBytes),
  frame(message) {
    const framed = Buffer.allocUnsafe(HEAD_BYTES + message.length)
    framed.writeUInt32BE(message.length)
    message.copy(framed, HEAD_BYTES)
    return framed
  },
}
