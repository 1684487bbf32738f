/** Bytes that the kernel has not taken yet, and whoever waits until it has. */

/** Unsent bytes above which no more is read from the client. */
export const HIGH_WATER_BYTES = 64 * 1024

interface Waiting {
  resolve(): void
  reject(error: Error): void
}

const ignore = (): void => {}

/** Rejected, for whoever waits; whoever does not wait learns it from `close`. */
export function refused(error: Error | undefined): Promise<void> {
  const rejected: Promise<void> = Promise.reject(error)
  rejected.catch(ignore)
  return rejected
}

export class UnsentBytes {
  bytes = 0
  readonly #chunks: Buffer[] = []
  #waiting: Waiting[] = []

  /** Keeps a copy; the promise is of the moment when the kernel has taken all. */
  push(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(Buffer.from(bytes))
    this.bytes += bytes.length
    const drained = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }))
    drained.catch(ignore)
    return drained
  }

  /**
   * @param send takes what it can, and says how much; undefined when the connection is lost
   * @returns false when it is
   */
  flush(send: (bytes: Buffer) => number | undefined): boolean {
    for (let head = this.#chunks[0]; head !== undefined; head = this.#chunks[0]) {
      const sent = send(head)
      if (sent === undefined) return false
      this.bytes -= sent
      if (sent < head.length) {
        this.#chunks[0] = head.subarray(sent)
        return true
      }
      this.#chunks.shift()
    }
    return true
  }

  /** Tells all who wait how it ended. */
  finish(lost: Error | undefined): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve, reject } of waiting) lost === undefined ? resolve() : reject(lost)
  }
}
