/** Something costly, done for a share of a core over time; in between what it found last. */
import { spentCpuMs } from './spent.js'

export class Seldom<Value> {
  readonly #share: number
  #last: { value: Value; untilMs: number } | undefined

  /** @param share of one core */
  constructor(share: number) {
    this.#share = share
  }

  get(nowMs: number, make: () => Value): Value {
    if (this.#last !== undefined && nowMs < this.#last.untilMs) return this.#last.value
    const before = spentCpuMs()
    const value = make()
    this.#last = { value, untilMs: nowMs + (spentCpuMs() - before) / this.#share }
    return value
  }
}
