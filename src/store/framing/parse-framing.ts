/** `--framing`: how a framing is written. */
import { delimitedBy } from './delimiter.js'
import type { Framing } from './framing.js'
import { length } from './length.js'
import { line } from './line.js'
import { octetCount } from './octet-count.js'
import { raw } from './raw.js'

const named: Record<string, Framing> = { line, length, 'octet-count': octetCount, raw }

const PREFIX = 'delimiter:'
const MOST_DELIMITER_BYTES = 16
/** Of what is awkward to type. */
const delimiters: Record<string, string> = { nul: '\0', crlf: '\r\n' }

/** How a framing may be written. */
export const FRAMINGS: readonly string[] = [...Object.keys(named), `${PREFIX}BYTES`]

/** Bytes as text, where `%00` is the byte with that number, as in a URL. Undefined for a `%` without two hex digits. */
function bytesOf(text: string): Buffer | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined
  const pieces = text.split(/(%[0-9a-f]{2})/i)
  return Buffer.concat(
    pieces.map((piece, index) =>
      Buffer.from(index % 2 === 1 ? piece.slice(1) : piece, index % 2 === 1 ? 'hex' : 'utf8'),
    ),
  )
}

/**
 * Reads `line`, `length`, `octet-count`, `raw`, `delimiter:nul`, `delimiter:crlf`, `delimiter:%1E`, `delimiter:;`.
 *
 * @throws {TypeError} anything else
 */
export function parseFraming(name: string, typed: unknown): Framing {
  const text = typeof typed === 'string' ? typed : ''
  const framing = Object.hasOwn(named, text) ? named[text] : undefined
  if (framing !== undefined) return framing
  if (text.startsWith(PREFIX)) {
    const spelt = text.slice(PREFIX.length)
    const bytes = bytesOf(Object.hasOwn(delimiters, spelt) ? (delimiters[spelt] as string) : spelt)
    if (bytes !== undefined && bytes.length > 0 && bytes.length <= MOST_DELIMITER_BYTES) return delimitedBy(bytes)
    throw new TypeError(
      `${name}: expected ${PREFIX}nul, ${PREFIX}crlf, or 1 to ${MOST_DELIMITER_BYTES} bytes, where %00 is one, got ${JSON.stringify(text)}`,
    )
  }
  const got = typeof typed === 'string' ? JSON.stringify(typed) : String(typed)
  throw new TypeError(`${name}: expected ${FRAMINGS.slice(0, -1).join(', ')} or ${FRAMINGS.at(-1)}, got ${got}`)
}
