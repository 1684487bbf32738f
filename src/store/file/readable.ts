/** A message as a terminal may show it. */
import { isUtf8 } from 'node:buffer'
import { FOREIGN_BYTE, printable } from '../../libc/printable.js'

/** Escapes what cannot be seen; in a message that is not UTF-8, all that is not ASCII. */
export function readable(message: Buffer): string {
  if (isUtf8(message)) return printable(message.toString('utf8'))
  return printable(
    Array.from(message, (byte) => String.fromCharCode(byte < 0x80 ? byte : FOREIGN_BYTE + byte)).join(''),
  )
}
