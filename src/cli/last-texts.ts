/** The last few of many texts. */
export class LastTexts {
  readonly most: number
  #texts: string[] = []

  constructor(most: number) {
    this.most = most
  }

  add(text: string): void {
    this.#texts.push(text)
    // now and then: to move all of them for each would cost more than the room
    if (this.#texts.length > 2 * this.most + 1000) this.#drop()
  }

  /** Gives them to `out`, the oldest first, and forgets them. */
  take(out: (text: string) => void): void {
    this.#drop()
    for (const text of this.#texts.splice(0)) out(text)
  }

  #drop(): void {
    this.#texts = this.#texts.slice(Math.max(0, this.#texts.length - this.most))
  }
}
