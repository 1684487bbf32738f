/** Waiting longer after each failure in a row. */

export class BackOff {
  readonly #firstMs: number
  readonly #lastMs: number
  #nextMs: number

  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = firstMs
    this.#lastMs = lastMs
    this.#nextMs = firstMs
  }

  /** True until the first failure after a success. */
  get fresh(): boolean {
    return this.#nextMs === this.#firstMs
  }

  /** How long to wait now; the next time twice as long. */
  failed(): number {
    const wait = this.#nextMs
    this.#nextMs = Math.min(wait * 2, this.#lastMs)
    return wait
  }

  succeeded(): void {
    this.#nextMs = this.#firstMs
  }
}
