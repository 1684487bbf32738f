/** Framing `line`: a message is all up to a newline. What comes after the last one is a message too. */
import { LineCutter } from '../../server/connection/line-cutter.js'
import { type Cutter, type Deliver, type Framing, tooLong } from './framing.js'

const NEWLINE = Buffer.from('\n')
/** Of one of many connections in a process. */
const ROOM_BYTES = 2048

class Lines implements Cutter {
  readonly #lines: LineCutter
  readonly #maxMessageBytes: number

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
    this.#lines = new LineCutter(maxMessageBytes, Buffer.allocUnsafeSlow(ROOM_BYTES))
  }

  get partial(): boolean {
    return this.#lines.partial
  }

  take(chunk: Buffer, deliver: Deliver): string | undefined {
    this.#lines.append(chunk)
    for (let line = this.#lines.take(); line !== undefined; line = this.#lines.take()) deliver(line.subarray(0, -1))
    return this.#lines.refused ? tooLong(this.#maxMessageBytes) : undefined
  }

  finish(deliver: Deliver): undefined {
    if (!this.#lines.finish()) return undefined
    deliver(this.#lines.take() as Buffer)
    return undefined
  }
}

export const line: Framing = {
  cutter: (maxMessageBytes) => new Lines(maxMessageBytes),
  frame: (message) => Buffer.concat([message, NEWLINE]),
  delimiter: NEWLINE,
}
