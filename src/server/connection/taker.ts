/** Who takes a client's bytes instead of the callback `data`: a reader that is awaited, or a stream. */
export interface Taker {
  /** Bytes that it may keep. */
  push(chunk: Buffer): void
  /** The client sends no more. */
  end(): void
  /** The descriptor is closed, by an error or by ourselves. */
  close(error: Error | undefined): void
}
