/**
 * Checks of arguments. C takes any bits for an int, and so does koffi: NaN would be descriptor 0, and a count beyond
 * the buffer would be memory of somebody else. Here such a thing is a TypeError or a RangeError.
 */
import { isUint8Array } from 'node:util/types'

function described(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** Throws the RangeError for a number that is out of range, the TypeError for what is no number. */
export function refuse(name: string, expected: string, value: unknown): never {
  const message = `${name}: expected ${expected}, got ${described(value)}`
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}

/** A C int. */
export function int(name: string, value: number): void {
  if (typeof value !== 'number' || (value | 0) !== value) refuse(name, 'an integer of 32 bits', value)
}

/** An unsigned C int. */
export function uint(name: string, value: number): void {
  if (typeof value !== 'number' || value >>> 0 !== value) refuse(name, 'an unsigned integer of 32 bits', value)
}

/** The same, where bits are meant: what `|` and `~` made of them may be negative. Returns it as C has it. */
export function unsigned(name: string, value: number): number {
  if (typeof value !== 'number' || (value >>> 0 !== value && (value | 0) !== value))
    refuse(name, 'an integer of 32 bits', value)
  return value >>> 0
}

/** A 64-bit integer that a double holds exactly. */
export function long(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) refuse(name, 'an integer', value)
}

/** Memory that C may read or write. */
export function memory(name: string, value: unknown): void {
  if (!isUint8Array(value)) throw new TypeError(`${name}: expected a Uint8Array or Buffer, got ${described(value)}`)
}

/** How much of a buffer to use. */
export function count(value: number, buffer: Uint8Array): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= buffer.length) || !Number.isInteger(value))
    refuse('count', `0 to ${buffer.length}, the bytes of the buffer`, value)
}

/** What is sent: memory, or text as UTF-8. */
export function bytes(name: string, value: Uint8Array | string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value)
  memory(name, value)
  return value
}

/** A list of at most `most` pieces of memory. */
export function pieces(name: string, value: readonly Uint8Array[], most: number): void {
  if (!Array.isArray(value)) throw new TypeError(`${name}: expected an array of Uint8Array, got ${described(value)}`)
  if (value.length > most) throw new RangeError(`${name}: expected at most ${most} buffers, got ${value.length}`)
  for (const piece of value) memory(name, piece)
}

/** A path without a null byte, where C would see its end. */
export function path(name: string, value: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name}: expected a string, got ${described(value)}`)
  if (value.includes('\0')) throw new RangeError(`${name}: expected no null byte, got ${described(value)}`)
}

/** An object with members, where C has a pointer to a struct. */
export function struct(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`${name}: expected an object, got ${described(value)}`)
}
