/** Reads a text from its beginning, piece by piece. */

/** Why a text is not what it should be. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
}

export class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get over(): boolean {
    return this.#at === this.#text.length
  }

  get rest(): string {
    return this.#text.slice(this.#at)
  }

  /** Whether a text comes next. */
  comes(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  /** Passes over a text, if it comes next. */
  skip(text: string): boolean {
    if (!this.comes(text)) return false
    this.#at += text.length
    return true
  }

  /** @throws {Unexpected} something else comes next */
  expect(text: string, what: string): void {
    if (!this.skip(text)) throw this.unexpected(what)
  }

  /**
   * Takes what a pattern finds here.
   *
   * @param pattern with the flag `y`
   * @throws {Unexpected} nothing
   */
  take(pattern: RegExp, what: string): RegExpExecArray {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) throw this.unexpected(what)
    this.#at = pattern.lastIndex
    return found
  }

  unexpected(what: string): Unexpected {
    const got = this.over ? 'the end' : JSON.stringify(this.#text.slice(this.#at, this.#at + 10))
    return new Unexpected(`expected ${what}, got ${got} after ${this.#at} characters`)
  }
}
