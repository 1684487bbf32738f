/** Cuts bytes into lines as they come. What has come and is not let go of lies in one piece of memory. No system calls. */

const NEWLINE = 0x0a

/** Positions are bytes since the connection began: `base <= start <= complete <= end`. */
export class LineCutter {
  readonly #maxBytes: number
  /** What is held; the byte at position `base` first. */
  bytes: Buffer
  base = 0
  /** The first byte that is held. */
  start = 0
  /** End of the last whole line. */
  complete = 0
  end = 0
  /** Lines that have come whole. */
  completed = 0
  /** A line came that is longer than allowed, or nothing more is wanted: nothing is taken from then on. */
  refused = false

  /**
   * @param maxBytes of a line, without its newline
   * @param room memory to begin with; kept for as long as it suffices
   */
  constructor(maxBytes: number, room: Buffer) {
    this.#maxBytes = maxBytes
    this.bytes = room
  }

  /** Reports whether a line has begun that is not whole yet. */
  get partial(): boolean {
    return this.end > this.complete
  }

  append(chunk: Buffer): void {
    if (this.refused) return
    this.reserve(chunk.length)
    chunk.copy(this.bytes, this.end - this.base)
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      if (this.end + at - this.complete > this.#maxBytes) {
        this.refuse()
        return
      }
      this.complete = this.end + at + 1
      this.completed++
    }
    this.end += chunk.length
    if (this.end - this.complete > this.#maxBytes) this.refuse()
  }

  /** No more will come: what came after the last newline is a line too. Reports whether there is one. */
  finish(): boolean {
    if (this.end === this.complete) return false
    this.complete = this.end
    this.completed++
    return true
  }

  /** Whole lines are kept, the rest is not. */
  refuse(): void {
    this.refused = true
    this.end = this.complete
  }

  /** The next whole line with its newline, which is let go of; valid until the next `append`. */
  take(): Buffer | undefined {
    if (this.start === this.complete) return undefined
    const from = this.start - this.base
    const newline = this.bytes.indexOf(NEWLINE, from)
    const rest = this.complete - this.base
    const to = newline < 0 || newline >= rest ? rest : newline + 1
    this.start = this.base + to
    return this.bytes.subarray(from, to)
  }

  /** All that is held, which is let go of. */
  takeRest(): Buffer {
    const rest = this.bytes.subarray(this.start - this.base, this.end - this.base)
    this.start = this.end
    this.complete = this.end
    return rest
  }

  /** Room for `count` bytes at the end: by moving what is held to the front, or to a buffer of twice the size. */
  private reserve(count: number): void {
    const held = this.end - this.start
    if (this.end - this.base + count <= this.bytes.length) return
    const target = held + count <= this.bytes.length ? this.bytes : Buffer.allocUnsafeSlow(2 * (held + count))
    this.bytes.copy(target, 0, this.start - this.base, this.end - this.base)
    this.bytes = target
    this.base = this.start
  }
}
