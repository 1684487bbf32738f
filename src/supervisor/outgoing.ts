/** Messages that must not be lost though their reader is slow: what a descriptor does not take at once is kept, within limits. */
import { write } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'

/** More is a reader that is stuck, and must not take us along. */
const MOST_BYTES = 16 * 1024 * 1024

export class Outgoing<Message> {
  readonly #fd: number
  readonly #wantsRoom: (wants: boolean) => void
  #unsent: Buffer[] = []
  #bytes = 0

  /** @param wantsRoom told whether to call `flush` once the descriptor is writable */
  constructor(fd: number, wantsRoom: (wants: boolean) => void) {
    this.#fd = fd
    this.#wantsRoom = wantsRoom
  }

  readonly send = (message: Message): void => {
    if (this.#bytes > MOST_BYTES) return
    const line = Buffer.from(`${JSON.stringify(message)}\n`)
    this.#unsent.push(line)
    this.#bytes += line.length
    this.flush()
  }

  flush(): void {
    while (this.#bytes > 0) {
      const [head] = this.#unsent as [Buffer]
      const sent = this.#write(head)
      this.#bytes -= sent
      if (sent === head.length) this.#unsent.shift()
      else {
        this.#unsent[0] = head.subarray(sent)
        break
      }
    }
    this.#wantsRoom(this.#bytes > 0)
  }

  /** To a reader that is gone everything is sent. */
  #write(bytes: Buffer): number {
    try {
      return write(this.#fd, bytes) ?? 0
    } catch (error) {
      if (error instanceof PosixError && (error.code === 'EPIPE' || error.code === 'ECONNRESET')) return bytes.length
      throw error
    }
  }
}
