/** What the loop workers of a server have in common: counters in shared memory, made before the first fork. */
import { sharedMemory } from '../../../libc/memory.js'

/** Of the words of 4 bytes, the first; each worker's own comes after it. */
const ACCEPTED = 0

export class ConnectionCounters {
  readonly #words: Int32Array

  constructor(workers: number) {
    const bytes = sharedMemory(4096 * Math.ceil((workers + 1) / 1024))
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, workers + 1)
  }

  /** The number of a connection just accepted: unique among all workers, counted from 1. */
  accept(): number {
    return Atomics.add(this.#words, ACCEPTED, 1) + 1
  }

  /** Connections accepted so far. */
  get accepted(): number {
    return this.#words[ACCEPTED] as number
  }

  /** Connections that are served now. */
  get connections(): number {
    let sum = 0
    for (let worker = 1; worker < this.#words.length; worker++) sum += this.#words[worker] as number
    return sum
  }

  /** Notes how many connections worker number `worker` serves; workers count from 1. */
  note(worker: number, connections: number): void {
    this.#words[worker] = connections
  }
}
