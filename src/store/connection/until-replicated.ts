/**
 * Holds what senders are to be told of messages that are on disk, until a cluster has them, in the order of the messages. For whoever asks for
 * more than the writer waits for: neither the writer nor any other sender does then.
 */
import type { Reactor, Timer } from '../../reactor/reactor.js'

/** How far a cluster is. Numbers of records. */
export interface Replication {
  /** All through this one is on disk. */
  readonly stored: number
  /** The cluster has all through this one. */
  readonly forwarded: number
}

/** Between two looks: soon after something is held, then longer. */
const FIRST_MS = 1
const LONGEST_MS = 32

interface Held {
  readonly sequence: number
  readonly tell: () => void
}

export class UntilReplicated {
  readonly #replication: Replication
  readonly #reactor: Reactor
  readonly #held: Held[] = []
  #timer: Timer | undefined
  #restMs = FIRST_MS

  constructor(replication: Replication, reactor: Reactor) {
    this.#replication = replication
    this.#reactor = reactor
  }

  /** Whether something is held. */
  get holds(): boolean {
    return this.#held.length > 0
  }

  /**
   * @param sequence of the last record that is told of; undefined where that is not known; 0 where there is nothing to wait for
   * @param tell called once the cluster has it, and what was held before was told
   */
  hold(sequence: number | undefined, tell: () => void): void {
    this.#held.push({ sequence: sequence ?? this.#replication.stored, tell })
    this.#restMs = FIRST_MS
    if (this.#timer === undefined) this.#look()
  }

  #look(): void {
    this.#timer = undefined
    const { forwarded } = this.#replication
    while ((this.#held[0]?.sequence ?? Number.POSITIVE_INFINITY) <= forwarded) {
      this.#restMs = FIRST_MS
      this.#held.shift()?.tell()
    }
    if (!this.holds || this.#timer !== undefined) return
    this.#timer = this.#reactor.after(this.#restMs, () => this.#look())
    this.#restMs = Math.min(2 * this.#restMs, LONGEST_MS)
  }
}
