/** A clock that goes only while all is well: what is waited for longer than it may take is measured with it. */
export class WellTime {
  #elapsedMs = 0
  #since: number | undefined

  set well(well: boolean) {
    this.#elapsedMs = this.ms
    this.#since = well ? performance.now() : undefined
  }

  get ms(): number {
    return this.#elapsedMs + (this.#since === undefined ? 0 : performance.now() - this.#since)
  }
}
