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

/**
 * What stands where C has one argument more than TypeScript: JavaScript would ignore it, and all after the first would mean something else.
 *
 * @param form how the call is written here
 */
export function noMore(value: unknown, form: string): void {
  if (value !== undefined) throw new TypeError(`too many arguments: in TypeScript it is ${form}`)
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
export function count(value: number, buffer: Uint8Array, name = 'count'): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= buffer.length) || !Number.isInteger(value))
    refuse(name, `0 to ${buffer.length}, the bytes of the buffer`, value)
}

/** What is sent: memory, or text as UTF-8. */
export function bytes(name: string, value: Uint8Array | string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value)
  memory(name, value)
  return value
}

/** struct iovec: the first `iov_len` bytes of memory. readv(2) */
export interface iovec {
  iov_base: Uint8Array
  iov_len: number
}

/** Memory, all of it or as C's struct says. */
export type Piece = Uint8Array | iovec

function pieceOf(name: string, piece: Piece): Uint8Array {
  if (typeof piece !== 'object' || piece === null || !('iov_base' in piece)) {
    memory(name, piece)
    return piece
  }
  memory(`${name}.iov_base`, piece.iov_base)
  count(piece.iov_len, piece.iov_base, `${name}.iov_len`)
  return piece.iov_base.subarray(0, piece.iov_len)
}

/** A list of at most `most` pieces of memory. */
export function pieces(name: string, value: readonly Piece[], most: number): readonly Uint8Array[] {
  if (!Array.isArray(value)) throw new TypeError(`${name}: expected an array of Uint8Array, got ${described(value)}`)
  if (value.length > most) throw new RangeError(`${name}: expected at most ${most} buffers, got ${value.length}`)
  return value.map((piece: Piece) => pieceOf(name, piece))
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
