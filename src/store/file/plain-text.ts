/** Text that is the same in ASCII and in JSON, written byte by byte: for what is short, a call of a native function costs more than the bytes. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const ZERO = 0x30

/** Most digits of a whole number that is exact. */
const DIGITS = 16
const digits = new Uint8Array(DIGITS)

const isPlain = (unit: number): boolean => unit >= 0x20 && unit < 0x80 && unit !== QUOTE && unit !== BACKSLASH

/** Whether JSON has the text as it is, and a byte for each of its characters. */
export function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (!isPlain(text.charCodeAt(index))) return false
  return true
}

/** Writes ASCII. Returns where it ends. */
export function putText(target: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) target[at + index] = text.charCodeAt(index)
  return at + text.length
}

/** Copies what is plain. Returns where it ends, or -1 where something is not: what was written then is nothing. */
export function putPlain(target: Uint8Array, at: number, bytes: Uint8Array): number {
  const { length } = bytes
  for (let index = 0; index < length; index++) {
    const byte = bytes[index] as number
    if (!isPlain(byte)) return -1
    target[at + index] = byte
  }
  return at + length
}

/** Writes a whole number of 0 or more in decimal. Returns where it ends. */
export function putNumber(target: Uint8Array, at: number, value: number): number {
  let first = DIGITS
  let rest = value
  do {
    const tens = Math.floor(rest / 10)
    digits[--first] = ZERO + (rest - 10 * tens)
    rest = tens
  } while (rest > 0)
  for (let index = first; index < DIGITS; index++) target[at + index - first] = digits[index] as number
  return at + DIGITS - first
}

const HEX = '0123456789abcdef'

/** Writes 32 bits as 8 hexadecimal digits. Returns where they end. */
export function putHex8(target: Uint8Array, at: number, value: number): number {
  for (let index = 0; index < 8; index++) target[at + index] = HEX.charCodeAt((value >>> (28 - 4 * index)) & 15)
  return at + 8
}
