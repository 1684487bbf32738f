/** A shortage that several processes of a server suffer at once: said by the first, and again only after it was over. */
import { sharedMemory } from '../libc/memory.js'
import type { LogLine } from './log.js'

/** When nobody has suffered it for so long, it is over. Whoever does says so to the others each time it tries again. */
const OVER_MS = 5000n
const PAGE_BYTES = 4096

export class Episode {
  /** When somebody was last short, in milliseconds since 1970. */
  readonly #last: BigInt64Array

  /** Made before the processes are forked that share it. */
  constructor() {
    const page = sharedMemory(PAGE_BYTES)
    this.#last = new BigInt64Array(page.buffer, page.byteOffset, 1)
  }

  /** Notes that this process is short now; true when that is news, for one of all who note it. */
  begins(): boolean {
    const now = BigInt(Date.now())
    const last = Atomics.load(this.#last, 0)
    return Atomics.compareExchange(this.#last, 0, last, now) === last && now - last > OVER_MS
  }

  /** For `awaitRoom`: logs what is short, if that is news. */
  teller(log: { warn: LogLine }, what: string): (refusal: () => Error & { code: string }) => void {
    return (refusal) => {
      if (!this.begins()) return
      const error = refusal()
      log.warn({ code: error.code }, `${what}: ${error.message}`)
    }
  }
}
