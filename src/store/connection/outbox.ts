/** The messages of one connection between their arrival and their acknowledgement. No system calls. */
import { LineCutter } from '../../server/connection/line-cutter.js'
import { CONTINUES, PAYLOAD_BYTES, UNTERMINATED } from '../wire.js'

/** Packets in which lines end that may be unacknowledged; each causes two acknowledgements at most: half of the smallest pipe. */
const WINDOW_PACKETS = 128
const WINDOW_BYTES = 512 * 1024
const NEWLINE = 0x0a

/** A packet under way in which a line ends. */
interface Mark {
  /** Number of the last message that ends in it, counted from 1. */
  through: number
  /** Where it ends in the stream. */
  end: number
}

export interface Packet {
  payload: Buffer
  /** Number of the first message in it. */
  message: number
  flags: number
  /** Messages that end in it. */
  ends: number
}

/** Positions are bytes since the connection began: `lines.start <= #sent <= lines.complete`; before `start` all is acknowledged. */
export class Outbox {
  readonly #lines: LineCutter
  #sent = 0
  #sentThrough = 0
  #acknowledged = 0
  #marks: Mark[] = []
  /** What was sent last is a piece of a line that goes on. */
  #midLine = false
  #unterminated = false

  /** @param room memory to begin with; kept for as long as it suffices */
  constructor(maxMessageBytes: number, room: Buffer) {
    this.#lines = new LineCutter(maxMessageBytes, room)
  }

  /** Messages whose fate is known. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Reports whether the client was refused, for a line longer than allowed for example; nothing is taken from then on. */
  get refused(): boolean {
    return this.#lines.refused
  }

  /** Reports whether complete messages wait for room in the window. */
  get backlog(): boolean {
    return this.#sent < this.#lines.complete
  }

  /** Reports whether every complete message is acknowledged. */
  get answered(): boolean {
    return this.#lines.start === this.#lines.complete
  }

  /** Messages that have come whole. */
  get completed(): number {
    return this.#lines.completed
  }

  /** Reports whether a message has begun that is not whole yet. */
  get partial(): boolean {
    return this.#lines.partial
  }

  /** Takes nothing more from the client. What has come whole is sent and answered. */
  close(): void {
    this.#lines.refuse()
  }

  /** Takes the client's bytes. */
  append(chunk: Buffer): void {
    this.#lines.append(chunk)
  }

  /** The client sends no more: what it sent after its last newline is a message too. */
  finish(): void {
    if (this.#lines.finish()) this.#unterminated = true
  }

  /** The next piece of the stream, valid until the next call of any method; undefined when there is none, or no room in the window. */
  next(): Packet | undefined {
    if (this.#sent === this.#lines.complete || this.#marks.length >= WINDOW_PACKETS) return undefined
    if (this.#marks.length > 0 && this.#sent - this.#lines.start >= WINDOW_BYTES) return undefined
    const from = this.#sent - this.#lines.base
    const rest = this.#lines.complete - this.#lines.base
    const limit = Math.min(from + PAYLOAD_BYTES, rest)
    // whole lines where possible: then none is in pieces that fits a packet
    const newline = limit < rest ? this.#lines.bytes.subarray(from, limit).lastIndexOf(NEWLINE) : -1
    const to = newline < 0 ? limit : from + newline + 1
    const payload = this.#lines.bytes.subarray(from, to)
    const message = this.#sentThrough + 1
    const flags = (this.#midLine ? CONTINUES : 0) | (to === rest && this.#unterminated ? UNTERMINATED : 0)
    this.advance(to, to === rest ? this.#lines.completed : this.#sentThrough + countLines(payload))
    return { payload, message, flags, ends: this.#sentThrough - message + 1 }
  }

  private advance(to: number, through: number): void {
    this.#sent = to + this.#lines.base
    if (through > this.#sentThrough) this.#marks.push({ through, end: this.#sent })
    this.#sentThrough = through
    this.#midLine = this.#sent < this.#lines.complete && this.#lines.bytes[to - 1] !== NEWLINE
  }

  /** Lets go of the messages up to number `through`, and returns their bytes, newlines included; valid until the next `append`. */
  acknowledge(through: number): Buffer {
    if (through <= this.#acknowledged) return this.#lines.bytes.subarray(0, 0)
    const from = this.#lines.start - this.#lines.base
    this.#lines.start = this.endOf(through)
    this.#acknowledged = through
    // a new writer knew more than its predecessor had told: what is on disk need not be sent again
    if (this.#sent < this.#lines.start) this.skipTo(through)
    return this.#lines.bytes.subarray(from, this.#lines.start - this.#lines.base)
  }

  /** Sends everything again that is not acknowledged: a new writer has not seen it. */
  rewind(): void {
    this.#marks = []
    this.skipTo(this.#acknowledged)
  }

  private skipTo(through: number): void {
    this.#sent = this.#lines.start
    this.#sentThrough = through
    this.#midLine = false
  }

  private endOf(through: number): number {
    let end: number | undefined
    while (this.#marks.length > 0 && (this.#marks[0] as Mark).through <= through) {
      const mark = this.#marks.shift() as Mark
      if (mark.through === through) end = mark.end
    }
    if (end !== undefined) return end
    let at = this.#lines.start - this.#lines.base
    for (let count = through - this.#acknowledged; count > 0; count--) {
      const newline = this.#lines.bytes.indexOf(NEWLINE, at)
      at = newline < 0 ? this.#lines.complete - this.#lines.base : newline + 1
    }
    return Math.min(at + this.#lines.base, this.#lines.complete)
  }
}

export function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}
