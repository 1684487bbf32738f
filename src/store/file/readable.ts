/** A message as a terminal may show it: one line, nothing that moves the cursor or hides text. */
import { isUtf8 } from 'node:buffer'

const NAMED: Record<string, string> = { '\t': '\\t', '\r': '\\r', '\n': '\\n' }
/** Control and format characters (bidirectional overrides among them), line separators, lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`

function shown(character: string): string {
  const code = character.codePointAt(0) as number
  return NAMED[character] ?? (code < 0x100 ? hex(code) : `\\u{${code.toString(16)}}`)
}

/** Escapes what cannot be seen; bytes that are not UTF-8 become `\xff`. */
export function readable(message: Buffer): string {
  if (isUtf8(message)) return message.toString('utf8').replace(UNSEEN, shown)
  return [...message].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hex(byte))).join('')
}
