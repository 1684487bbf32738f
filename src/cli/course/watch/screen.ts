/**
 * A table at the bottom of a terminal, below what a program prints: the program scrolls in the lines above. Each picture is one write,
 * which the kernel does not mix with the program's. console_codes(4)
 */
import { flush, print } from '../../output.js'

const SAVE = '\x1b7'
const RESTORE = '\x1b8'
const CLEAR_LINE = '\x1b[2K'
const DIM = '\x1b[2m'
const RED = '\x1b[31m'
const PLAIN = '\x1b[0m'
/** The terminal may have another size than we have been told yet: a line is counted from its bottom, which it stops at, and never goes on in the next. */
const fromBottom = (lines: number): string => `\x1b[9999;1H${lines === 0 ? '' : `\x1b[${lines}A`}`
const NO_WRAP = '\x1b[?7l'
const WRAP = '\x1b[?7h'
const CLEAR_BELOW = '\x1b[0J'
/** Lines that scroll; either leaves the cursor at the top. */
const EVERYWHERE = '\x1b[r'
const scrollIn = (first: number, last: number): string => `\x1b[${first};${last}r`

/** What a program needs at the least, to be read. */
const LEAST_ABOVE = 6

export class Screen {
  readonly #height: number
  #lines = 0
  /** What is there already is not drawn again: where the terminal has changed its size that would be over something else. */
  #drawn = ''

  /** @param height lines of the table, a rule above it among them */
  constructor(height: number) {
    this.#height = height
  }

  static fits(lines: number | undefined, height: number): boolean {
    return lines !== undefined && lines >= height + LEAST_ABOVE
  }

  /** Makes room at the bottom. What is there moves up, the cursor with it. @param lines of the terminal */
  open(lines: number): void {
    this.#lines = lines
    this.#drawn = ''
    const above = lines - this.#height
    this.#write(`${'\n'.repeat(this.#height)}\x1b[${this.#height}A${SAVE}${scrollIn(1, above)}${RESTORE}`)
  }

  /** The terminal has another size, and what was there may be elsewhere in it. */
  resize(lines: number): void {
    this.close()
    if (Screen.fits(lines, this.#height)) this.open(lines)
    else this.#lines = 0
  }

  /** @param marked lines that are to be seen first */
  draw(table: readonly string[], width: number, marked: (line: number) => boolean): void {
    if (this.#lines === 0) return
    const rule = `${fromBottom(this.#height - 1)}${CLEAR_LINE}${DIM}${'─'.repeat(width)}${PLAIN}`
    const rows = Array.from({ length: this.#height - 1 }, (_, index) => {
      const colour = index === 0 ? DIM : marked(index) ? RED : ''
      const place = fromBottom(this.#height - 2 - index)
      return `${place}${CLEAR_LINE}${colour}${table[index] ?? ''}${colour === '' ? '' : PLAIN}`
    })
    const drawing = `${rule}${rows.join('')}`
    if (drawing === this.#drawn) return
    this.#drawn = drawing
    this.#write(`${SAVE}${NO_WRAP}${drawing}${WRAP}${RESTORE}`)
  }

  /** Gives the room back. Below the cursor there is nothing but the table. */
  close(): void {
    this.#write(`${SAVE}${EVERYWHERE}${RESTORE}${CLEAR_BELOW}`)
  }

  #write(text: string): void {
    print(text)
    flush()
  }
}
