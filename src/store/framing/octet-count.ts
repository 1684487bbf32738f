/**
 * Framing `octet-count` of syslog over TCP, RFC 6587: `LEN SP MSG`. A message that begins with `<`, as all of syslog do, has no
 * length and ends with a newline, section 3.4.2; a client may send both. Answers are counted.
 */
import { CountedMessage } from './counted-message.js'
import { DelimiterCutter } from './delimiter.js'
import { type Cutter, type Deliver, type Framing, MOST_MESSAGE_BYTES, tooLong } from './framing.js'

const [ZERO, NINE, SPACE, LESS, NEWLINE] = [0x30, 0x39, 0x20, 0x3c, 0x0a]
/** What senders put between counted messages, though it is of neither: NUL, newline, carriage return. */
const TRAILERS: readonly number[] = [0, NEWLINE, 0x0d]

const shown = (byte: number): string =>
  byte > SPACE && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, '0')}`

class OctetCountCutter implements Cutter {
  readonly #maxBytes: number
  readonly #message = new CountedMessage()
  readonly #line: DelimiterCutter
  /** What its digits have said so far; 0 before the first. */
  #length = 0
  #inLine = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
    this.#line = new DelimiterCutter(Buffer.from([NEWLINE]), maxBytes)
  }

  get partial(): boolean {
    return this.#message.begun || this.#length > 0 || this.#inLine
  }

  take(chunk: Buffer, deliver: Deliver): string | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (this.#message.begun) at = this.#message.take(chunk, at, deliver)
      else if (this.#inLine || (this.#length === 0 && chunk[at] === LESS)) {
        const newline = chunk.indexOf(NEWLINE, at)
        const end = newline < 0 ? chunk.length : newline + 1
        this.#inLine = newline < 0
        const refused = this.#line.take(chunk.subarray(at, end), deliver)
        if (refused !== undefined) return refused
        at = end
      } else {
        const refused = this.#takeLength(chunk[at] as number)
        if (refused !== undefined) return refused
        at++
      }
    }
    return undefined
  }

  /** @returns why not */
  #takeLength(byte: number): string | undefined {
    const digit = byte >= ZERO && byte <= NINE ? byte - ZERO : undefined
    if (this.#length === 0) {
      if (TRAILERS.includes(byte)) return undefined
      if (digit === undefined || digit === 0)
        return `expected the length of a message, as RFC 6587 has it, or <, got ${shown(byte)}`
    } else if (byte === SPACE) {
      const long = this.#length > this.#maxBytes
      this.#message.begin(this.#length, long ? `${tooLong(this.#maxBytes)}: it has ${this.#length}` : undefined)
      this.#length = 0
      return undefined
    } else if (digit === undefined) return `expected a space after the length of a message, got ${shown(byte)}`
    this.#length = this.#length * 10 + digit
    return this.#length > MOST_MESSAGE_BYTES
      ? `${tooLong(this.#maxBytes)}: its length begins with ${this.#length}`
      : undefined
  }

  finish(deliver: Deliver): string | undefined {
    if (this.#message.begun) return `message not complete: ${this.#message.progress} came`
    if (this.#length > 0) return `message not complete: its length, ${this.#length}, and nothing of it came`
    return this.#line.finish(deliver)
  }
}

export const octetCount: Framing = {
  cutter: (maxMessageBytes) => new OctetCountCutter(maxMessageBytes),
  frame: (message) => Buffer.concat([Buffer.from(`${message.length} `), message]),
}
