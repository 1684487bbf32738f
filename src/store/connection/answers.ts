/** What goes back to a client, in the order of its messages: what is known of a later one waits for those before it. */

interface Answer {
  /** Undefined where nothing goes back once it is stored. */
  bytes: Buffer | undefined
  /** Its fate is known. */
  settled: boolean
}

export class Answers {
  readonly #waiting: Answer[] = []
  #bytes = 0

  /** Messages whose answer has not gone back yet. */
  get count(): number {
    return this.#waiting.length
  }

  /** Bytes that are kept for them. */
  get bytes(): number {
    return this.#bytes
  }

  /** Of a message that is under way. */
  expect(bytes: Buffer | undefined): void {
    this.#add({ bytes, settled: false })
  }

  /** Of a message whose fate is known at once. */
  settled(bytes: Buffer): void {
    this.#add({ bytes, settled: true })
  }

  /** What may go back without any further news. */
  due(): Buffer[] {
    const due: Buffer[] = []
    while (this.#waiting[0]?.settled === true) due.push(...this.#shift())
    return due
  }

  /**
   * The fate of the next `count` messages that were expected is known.
   *
   * @param instead makes what goes back in the place of what was kept; called for each
   */
  settle(count: number, instead?: (index: number) => Buffer | undefined): Buffer[] {
    const due: Buffer[] = []
    for (let index = 0; index < count; index++) {
      due.push(...this.due())
      const kept = this.#shift()
      const bytes = instead === undefined ? undefined : instead(index)
      if (instead === undefined) due.push(...kept)
      else if (bytes !== undefined) due.push(bytes)
    }
    due.push(...this.due())
    return due
  }

  #add(answer: Answer): void {
    this.#waiting.push(answer)
    this.#bytes += answer.bytes?.length ?? 0
  }

  #shift(): Buffer[] {
    const bytes = this.#waiting.shift()?.bytes
    this.#bytes -= bytes?.length ?? 0
    return bytes === undefined ? [] : [bytes]
  }
}
