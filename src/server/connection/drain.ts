/** How connections learn that their server drains: finish what you can. */
import type { Reactor } from '../../reactor/reactor.js'

export interface Drain {
  /** Calls `told` once it drains; at once, if it does already. Returns how to stop listening. */
  listen(reactor: Reactor, told: () => void): () => void
}

/** Of a process that is told itself. */
export class LocalDrain implements Drain {
  #begun = false
  readonly #listening = new Set<() => void>()

  listen(_reactor: Reactor, told: () => void): () => void {
    if (this.#begun) told()
    else this.#listening.add(told)
    return () => void this.#listening.delete(told)
  }

  begin(): void {
    this.#begun = true
    const listening = [...this.#listening]
    this.#listening.clear()
    for (const told of listening) told()
  }
}
