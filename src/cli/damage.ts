/** Damaged lines of a store's file: told as they come, but where nothing looks like a record, once that it is no store. */
import type { Format } from '../store/file/format.js'
import { damageIn, type Line } from '../store/file/reader.js'

/** So many lines without a record are enough to know. */
const ENOUGH_LINES = 1000
const NEWLINE = Buffer.from('\n')

export class Damage {
  count = 0
  #foreign = false
  #whole = false
  readonly #waiting: string[] = []
  readonly #format: Format
  readonly #complain: (text: string) => void

  readonly #path: string

  /** @param complain writes a line on standard error */
  constructor(path: string, format: Format, complain: (text: string) => void) {
    this.#path = path
    this.#format = format
    this.#complain = complain
  }

  /** A whole record: so it is a store, and what came before is damaged. */
  whole(): void {
    this.#whole = true
    for (const text of this.#waiting.splice(0)) this.#complain(text)
  }

  /** @throws {Error} when it is no store */
  damaged(line: Line): void {
    const { bytes, number } = line
    this.count++
    this.#foreign ||= number === 1 && !this.#format.mayBegin(Buffer.concat([bytes, NEWLINE]))
    const text = damageIn(line)
    if (this.#whole || !this.#foreign) this.#complain(text)
    else if (this.#waiting.push(text) === ENOUGH_LINES)
      throw this.#noStore(`none of the first ${ENOUGH_LINES} lines is a record`)
  }

  /**
   * The end of the file.
   *
   * @param beginning its first bytes: it may have no line at all
   * @throws {Error} when it is no store
   */
  end(beginning: Buffer): void {
    const lines = this.#waiting.length
    if (lines > 0)
      throw this.#noStore(lines === 1 ? 'its only line is no record' : `none of its ${lines} lines is a record`)
    if (!this.#whole && this.count === 0 && !this.#format.mayBegin(beginning))
      throw this.#noStore('it does not begin as a record does')
  }

  #noStore(reason: string): Error {
    return new Error(`${this.#path}: not a file of a store: ${reason}`)
  }
}
