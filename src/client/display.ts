/** What becomes of the bytes that the server sends: as they are, in whole lines, or as a hex dump. */

export const FORMATS = ['raw', 'lines', 'hex'] as const
export type Format = (typeof FORMATS)[number]

export interface Display {
  /** Bytes have come; they are reused after the call. */
  take(bytes: Buffer): void
  /** No more come. */
  end(): void
}

/** @param write puts bytes on standard output, all of them */
export function display(format: Format, write: (bytes: Uint8Array) => void): Display {
  switch (format) {
    case 'raw':
      return { take: write, end: () => {} }
    case 'lines':
      return new WholeLines(write)
    case 'hex':
      return new HexDump(write)
  }
}

const NEWLINE = 10
/** More than this is not kept back for the end of a line. */
const LONGEST_LINE_BYTES = 1024 * 1024

class WholeLines implements Display {
  readonly #write: (bytes: Uint8Array) => void
  #begun: Buffer[] = []
  #begunBytes = 0

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
  }

  take(bytes: Buffer): void {
    const complete = bytes.lastIndexOf(NEWLINE) + 1
    if (complete > 0) {
      this.end()
      this.#write(bytes.subarray(0, complete))
    }
    if (complete === bytes.length) return
    this.#begun.push(Buffer.from(bytes.subarray(complete)))
    this.#begunBytes += bytes.length - complete
    if (this.#begunBytes >= LONGEST_LINE_BYTES) this.end()
  }

  end(): void {
    if (this.#begunBytes > 0) this.#write(Buffer.concat(this.#begun))
    this.#begun = []
    this.#begunBytes = 0
  }
}

const ROW_BYTES = 16

/** Each piece begins a row of its own, so that what has come is seen at once. */
class HexDump implements Display {
  readonly #write: (bytes: Uint8Array) => void
  #offset = 0

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
  }

  take(bytes: Buffer): void {
    let text = ''
    for (let at = 0; at < bytes.length; at += ROW_BYTES) {
      const row = bytes.subarray(at, at + ROW_BYTES)
      text += hexRow(this.#offset, row)
      this.#offset += row.length
    }
    this.#write(Buffer.from(text))
  }

  end(): void {}
}

/** Eight bytes and the blanks between them. */
const HALF_WIDTH = 8 * 3 - 1

/** `00000000  68 65 6c 6c 6f 0a                                 |hello.|` */
export function hexRow(offset: number, row: Uint8Array): string {
  const bytes = Array.from(row, (byte) => byte.toString(16).padStart(2, '0'))
  const left = bytes.slice(0, 8).join(' ').padEnd(HALF_WIDTH)
  const right = bytes.slice(8).join(' ').padEnd(HALF_WIDTH)
  const text = String.fromCharCode(...Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? byte : 0x2e)))
  return `${offset.toString(16).padStart(8, '0')}  ${left}  ${right}  |${text}|\n`
}
