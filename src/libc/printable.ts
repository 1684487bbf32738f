/** Text from elsewhere as a log or a terminal may show it: one line, nothing that moves the cursor, hides text or forges a line. */

const NAMED: Record<string, string> = { '\t': '\\t', '\r': '\\r', '\n': '\\n' }
/** Control and format characters (bidirectional overrides among them), line separators, lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
/** A byte that is no UTF-8 stands in text as this and its value: a lone surrogate, which no text that was decoded has. */
export const FOREIGN_BYTE = 0xdc00

const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`

function escaped(character: string): string {
  const code = character.codePointAt(0) as number
  if (code >= FOREIGN_BYTE + 0x80 && code < FOREIGN_BYTE + 0x100) return hex(code - FOREIGN_BYTE)
  return NAMED[character] ?? (code < 0x100 ? hex(code) : `\\u{${code.toString(16)}}`)
}

/** Escapes what cannot be seen: `\n`, `\x1b`, `\u{202e}`; bytes that are not UTF-8 are `\xff`. */
export const printable = (text: string): string => text.replace(UNSEEN, escaped)

/** The same for text of our own in several lines: a line stays one where it is indented, as those of a stack are. */
export const printableLines = (text: string): string => text.split('\n    ').map(printable).join('\n    ')
