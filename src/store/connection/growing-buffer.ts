/** Bytes that are added to at the end; the memory is kept for the next use. */
export class GrowingBuffer {
  bytes: Buffer
  length = 0

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
  }

  add(more: Uint8Array): void {
    this.reserve(more.length)
    this.bytes.set(more, this.length)
    this.length += more.length
  }

  addText(text: string): void {
    // three bytes a UTF-16 unit is the most that UTF-8 makes of it; counting pays for long texts only
    this.reserve(text.length < 1024 ? text.length * 3 : Buffer.byteLength(text))
    this.length += this.bytes.write(text, this.length)
  }

  clear(): void {
    this.length = 0
  }

  /** Lets go of the first `count` bytes. */
  shift(count: number): void {
    this.bytes.copyWithin(0, count, this.length)
    this.length -= count
  }

  /** Room for `count` bytes more. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(2 * (this.length + count))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
