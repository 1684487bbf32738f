/** Bytes that the kernel has not taken yet, and whoever waits until it has. Neither they nor the wait grow without end. */
import { nowMs } from '../../libc/clock.js'
import type { Reactor, Timer } from '../../reactor/reactor.js'
import { type ConnectionLimits, ConnectionTimeout, UnsentBytesExceeded } from './limits.js'

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
  readonly #limits: ConnectionLimits
  readonly #reactor: Reactor
  readonly #lose: (error: Error) => void
  readonly #chunks: Buffer[] = []
  #waiting: Waiting[] = []
  #deadline: Timer | undefined
  #lastMove = 0

  /** @param lose called when a limit is passed; what `finish` is given then is the error */
  constructor(limits: ConnectionLimits, reactor: Reactor, lose: (error: Error) => void) {
    this.#limits = limits
    this.#reactor = reactor
    this.#lose = lose
  }

  /** Keeps a copy; the promise is of the moment when the kernel has taken all. */
  push(bytes: Uint8Array): Promise<void> {
    const { maxUnsentBytes } = this.#limits
    // one message may be as long as it likes; another behind it may not
    if (maxUnsentBytes > 0 && this.bytes > 0 && this.bytes + bytes.length > maxUnsentBytes) {
      const error = new UnsentBytesExceeded(`the client does not read: more than ${maxUnsentBytes} bytes wait for it`)
      this.#lose(error)
      return refused(error)
    }
    if (this.bytes === 0) this.#await()
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
      if (sent > 0) this.#lastMove = nowMs()
      if (sent < head.length) {
        this.#chunks[0] = head.subarray(sent)
        return true
      }
      this.#chunks.shift()
    }
    this.#deadline?.cancel()
    this.#deadline = undefined
    return true
  }

  /** Tells all who wait how it ended. */
  finish(lost: Error | undefined): void {
    this.#deadline?.cancel()
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve, reject } of waiting) lost === undefined ? resolve() : reject(lost)
  }

  #await(): void {
    const { writeTimeoutMs } = this.#limits
    if (writeTimeoutMs === 0) return
    this.#lastMove = nowMs()
    const look = (): void => {
      const leftMs = writeTimeoutMs - (nowMs() - this.#lastMove)
      if (leftMs <= 0) this.#lose(new ConnectionTimeout(`the client took nothing for ${writeTimeoutMs} ms`))
      else this.#deadline = this.#reactor.after(leftMs, look)
    }
    this.#deadline = this.#reactor.after(writeTimeoutMs, look)
  }
}
